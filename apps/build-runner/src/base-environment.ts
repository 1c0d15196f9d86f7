import { accessSync, constants, existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * The environment that commands build on: the runner's own, where the Node that the runner runs on
 * comes first when another one stands before it on PATH. Wrangler needs a recent one.
 *
 * Folders of PATH that are closed to this user are left out: for their sake a shell answers
 * `sh: 1: foo: Permission denied` to every command that does not exist.
 */
export function baseEnvironment(
  environment: NodeJS.ProcessEnv,
  execPath: string,
): Record<string, string> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  )
  const { PATH: all = '/usr/local/bin:/usr/bin:/bin' } = given
  const folders = all.split(delimiter).filter((folder) => !isClosed(folder))
  const PATH = folders.join(delimiter)
  const first = folders.map((folder) => join(folder, 'node')).find((path) => existsSync(path))
  const isOurs = first !== undefined && realpathSync(first) === realpathSync(execPath)
  return { ...given, PATH: isOurs ? PATH : `${dirname(execPath)}${delimiter}${PATH}` }
}

function isClosed(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES'
  }
}
