import { join } from 'node:path'
import type { BuildContext } from '../build-context.ts'
import { isFile } from '../files/read-file.ts'
import { installFailed } from './install-failed.ts'
import type { InstalledTool } from './installed-tool.ts'

/** Installs what a Gemfile lists; undefined when there is none. Throws StepFailed. */
export async function installRuby(
  build: BuildContext,
  { folder, environment }: { folder: string; environment: Record<string, string> },
): Promise<InstalledTool | undefined> {
  if (!(await isFile(join(folder, 'Gemfile')))) return undefined
  const isLocked = await isFile(join(folder, 'Gemfile.lock'))
  // Not in the project, where Git and the Worker's bundler find it.
  const own = {
    BUNDLE_PATH: join(build.folders.tools, 'bundle'),
    BUNDLE_FROZEN: String(isLocked),
  }
  build.log.fixedSentence('Installing project dependencies: bundle install')
  const exit_code = await build.commands.run({
    argv: ['bundle', 'install'],
    folder,
    environment: { ...own, ...environment },
  })
  if (exit_code !== 0) throw installFailed({ exit_code })
  return { folders: [], environment: own }
}
