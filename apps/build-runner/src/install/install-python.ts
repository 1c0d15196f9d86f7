/**
 * Dependencies of Python: what the lockfile says, else requirements.txt, in an environment of the
 * build's own, whose programs the build's commands find first.
 */
import { join } from 'node:path'
import type { BuildContext } from '../build-context.ts'
import { isFile } from '../files/read-file.ts'
import { findProgram } from './find-program.ts'
import { installFailed } from './install-failed.ts'
import type { InstalledTool } from './installed-tool.ts'
import { imageVersion } from './tools.ts'

type Installer = 'uv' | 'poetry' | 'pip'

/** What installs a project, by a file in the folder that is built; the first that is there counts. */
const INSTALLERS: { file: string; installer: Installer }[] = [
  { file: 'uv.lock', installer: 'uv' },
  { file: 'poetry.lock', installer: 'poetry' },
  { file: 'requirements.txt', installer: 'pip' },
]

/** Installs what the folder lists; undefined when it lists nothing. Throws StepFailed. */
export async function installPython(
  build: BuildContext,
  { folder, environment }: { folder: string; environment: Record<string, string> },
): Promise<InstalledTool | undefined> {
  const installer = await findInstaller(folder)
  if (installer === undefined) {
    if (await isFile(join(folder, 'pyproject.toml'))) {
      build.log
        .sentence`pyproject.toml has no uv.lock or poetry.lock beside it: no Python dependencies are installed`
    }
    return undefined
  }
  // uv and Poetry would make it in the project, where Git and the Worker's bundler find it.
  const venv = join(build.folders.tools, 'venv')
  const inVenv = {
    ...environment,
    VIRTUAL_ENV: venv,
    PATH: `${join(venv, 'bin')}:${environment['PATH'] ?? ''}`,
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    POETRY_NO_INTERACTION: '1',
    UV_PROJECT_ENVIRONMENT: venv,
    UV_PYTHON_DOWNLOADS: 'never',
  }
  const run = async (argv: [string, ...string[]], env: Record<string, string> = inVenv) => {
    const exit_code = await build.commands.run({ argv, folder, environment: env })
    if (exit_code !== 0) throw installFailed({ exit_code })
  }
  await run(['python3', '-m', 'venv', venv], environment)
  const program = installer === 'pip' ? 'pip' : await provide(build, { installer, run })
  const argv = argvOf(installer)
  build.log.fixedSentence(`Installing project dependencies: ${argv.join(' ')}`)
  await run([program, ...argv.slice(1)])
  return {
    folders: [join(venv, 'bin')],
    environment: { VIRTUAL_ENV: venv, UV_PROJECT_ENVIRONMENT: venv },
  }
}

async function findInstaller(folder: string): Promise<Installer | undefined> {
  for (const { file, installer } of INSTALLERS) {
    if (await isFile(join(folder, file))) return installer
  }
  return undefined
}

function argvOf(installer: Installer): [string, ...string[]] {
  switch (installer) {
    case 'uv':
      return ['uv', 'sync', '--locked', '--no-progress']
    case 'poetry':
      return ['poetry', 'install', '--no-interaction', '--no-ansi']
    case 'pip':
      return ['pip', 'install', '--progress-bar', 'off', '-r', 'requirements.txt']
  }
}

/** The machine's own, or one in an environment of its own: a project's packages are not to meet it. */
async function provide(
  build: BuildContext,
  {
    installer,
    run,
  }: { installer: 'uv' | 'poetry'; run: (argv: [string, ...string[]]) => Promise<void> },
): Promise<string> {
  const present = await findProgram(build, installer)
  if (present !== undefined) return present
  const version = imageVersion(installer)
  const folder = join(build.folders.tools, installer)
  build.log.sentence`Installing ${installer} ${version}`
  await run(['python3', '-m', 'venv', folder])
  await run([join(folder, 'bin', 'pip'), 'install', '--quiet', `${installer}==${version}`])
  return join(folder, 'bin', installer)
}
