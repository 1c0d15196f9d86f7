import { existsSync, realpathSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/**
 * The environment that commands build on: the runner's own, where the Node that the runner runs on
 * comes first when another one stands before it on PATH. Wrangler needs a recent one.
 *
 * Folders of PATH that are closed to this user are left out: for their sake a shell answers
 * `sh: 1: foo: Permission denied` to every command that does not exist.
 *
 * USER and LOGNAME are what programs ask before the system, which does not know a build's user.
 */
export function baseEnvironment(
  environment: NodeJS.ProcessEnv,
  execPath: string,
): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  )
  const { PATH: all = '/usr/local/bin:/usr/bin:/bin' } = own
  const folders = all.split(delimiter).filter((folder) => !isClosed(folder))
  const PATH = folders.join(delimiter)
  const first = folders.map((folder) => join(folder, 'node')).find((path) => existsSync(path))
  const isOurs = first !== undefined && realpathSync(first) === realpathSync(execPath)
  const name = nameOfUser()
  return {
    ...own,
    USER: name,
    LOGNAME: name,
    PATH: isOurs ? PATH : `${dirname(execPath)}${delimiter}${PATH}`,
  }
}

/** What this user is called; `build` when the system knows no name, as for a build's own user. */
export function nameOfUser(lookUp: () => { username: string } = userInfo): string {
  try {
    return lookUp().username
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error
    return 'build'
  }
}

function isClosed(folder: string): boolean {
  try {
    // Passes through it with the rights that we act with; access() asks for those underneath.
    statSync(`${folder}/.`)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES'
  }
}
