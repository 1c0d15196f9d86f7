/**
 * A build's user is a number that the system has no name for, and `whoami`, ssh and Python's getpwuid
 * fail for it. The build gets a view of the file system in which /etc/passwd and /etc/group have one
 * line more; the machine's own files stay as they are.
 */
import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildFolder } from './build-folder.ts'

const VIEW = ['unshare', '--mount', '--propagation', 'private']
const BIND = 'mount --bind "$1" /etc/passwd && mount --bind "$2" /etc/group && shift 2 && exec "$@"'

/** Whether this process may make such a view; in most containers it may not. */
export function canNameUsers(): boolean {
  const [program = '', ...args] = VIEW
  const bind = 'mount --bind /etc/passwd /etc/passwd && mount --bind /etc/group /etc/group'
  return spawnSync(program, [...args, 'sh', '-c', bind], { stdio: 'ignore' }).status === 0
}

/** `command` in a view where the user `uid` is called `build`; as it is where that cannot be. */
export async function namedCommand(
  command: string[],
  { uid, folder, canName }: { uid: number; folder: BuildFolder; canName: boolean },
): Promise<string[]> {
  if (!canName) return command
  const user = `build:x:${uid}:${uid}:Build:${folder.home}:/bin/sh`
  const passwd = await withLine(folder, 'passwd', user)
  const group = await withLine(folder, 'group', `build:x:${uid}:`)
  return [...VIEW, 'sh', '-c', BIND, 'sh', passwd, group, ...command]
}

async function withLine({ path }: BuildFolder, name: string, line: string): Promise<string> {
  const copy = join(path, name)
  const text = await readFile(join('/etc', name), 'utf8')
  await writeFile(copy, `${text.trimEnd()}\n${line}\n`, { flag: 'wx', mode: 0o644 })
  return copy
}
