import { realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { type Project, type Reader, readProject } from '@workers-builds/package-managers'
import { isFile, MAX_MANIFEST_BYTES, readText } from '../files/read-file.ts'

/**
 * Looks at the folder that is built, and at its parents up to the repository's root. Answers with
 * undefined when there is no package.json. Its `installFolder` is absolute. Throws UnreadableFile.
 */
export async function readProjectOnDisk(options: {
  repository: string
  folder: string
}): Promise<Project | undefined> {
  const repository = await realpath(options.repository)
  const folder = relative(repository, options.folder).split(sep).join('/')
  const project = await readProject(readerOf(repository), folder)
  if (project === undefined) return undefined
  return { ...project, installFolder: join(repository, project.installFolder) }
}

function readerOf(repository: string): Reader {
  return {
    read: (path) => readText({ path: join(repository, path), maxBytes: MAX_MANIFEST_BYTES }),
    exists: (path) => isFile(join(repository, path)),
  }
}
