import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * The environment that commands build on: the runner's own, where the Node that the runner runs on
 * comes first when another one stands before it on PATH. Wrangler needs a recent one.
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
  const { PATH = '/usr/local/bin:/usr/bin:/bin' } = given
  const first = PATH.split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path))
  const isOurs = first !== undefined && realpathSync(first) === realpathSync(execPath)
  return { ...given, PATH: isOurs ? PATH : `${dirname(execPath)}${delimiter}${PATH}` }
}
