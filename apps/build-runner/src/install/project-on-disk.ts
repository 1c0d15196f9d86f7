import { realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { type Project, type Reader, readProject } from '@workers-builds/package-managers'
import { isFile, MAX_MANIFEST_BYTES, readHead, readText } from '../files/read-file.ts'

/** What there is to install, with what, and in which folder of this machine. */
export interface ProjectOnDisk extends Project {
  /** Whether the Yarn lockfile is of the first generation. */
  isYarnClassicLockfile: boolean
}

/** A later Yarn's lockfile says in its first lines what it is. */
const YARN_HEAD_BYTES = 4_096

/**
 * Looks at the folder that is built, and at its parents up to the repository's root. Answers with
 * undefined when there is no package.json. Throws UnreadableFile.
 */
export async function readProjectOnDisk(options: {
  repository: string
  folder: string
}): Promise<ProjectOnDisk | undefined> {
  const repository = await realpath(options.repository)
  const folder = relative(repository, options.folder).split(sep).join('/')
  const project = await readProject(readerOf(repository), folder)
  if (project === undefined) return undefined
  const installFolder = join(repository, project.installFolder)
  const isYarnClassicLockfile =
    project.lockfile === 'yarn.lock' && (await isYarnClassic(join(installFolder, 'yarn.lock')))
  return { ...project, installFolder, isYarnClassicLockfile }
}

function readerOf(repository: string): Reader {
  return {
    read: (path) => readText({ path: join(repository, path), maxBytes: MAX_MANIFEST_BYTES }),
    exists: (path) => isFile(join(repository, path)),
  }
}

async function isYarnClassic(path: string): Promise<boolean> {
  const head = await readHead({ path, maxBytes: YARN_HEAD_BYTES })
  return head !== undefined && head !== '' && !head.includes('__metadata:')
}
