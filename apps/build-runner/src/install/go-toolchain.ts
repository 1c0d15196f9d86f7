/**
 * A Go of another version than the machine's: a Go of 1.21 or later fetches any other itself, through
 * the module proxy that it is set up for, with checksums.
 */
import semver from 'semver'
import type { BuildContext } from '../build-context.ts'
import { toolEnvironment } from '../commands/command-environment.ts'
import type { InstalledTool } from './installed-tool.ts'
import { capture } from './npm-registry.ts'
import { presentVersion } from './present-tool.ts'

/**
 * go: download go1.24.99 for linux/amd64: toolchain not available
 * go: download go1.24.99: golang.org/toolchain@v0.0.1-go1.24.99.linux-amd64: reading …: 403 Forbidden
 */
const NOT_AVAILABLE = /toolchain not available|invalid GOTOOLCHAIN|: (?:403|404|410) [A-Z]/

/** Go's operating systems and processors, by Node's names. */
const PROCESSORS: Record<string, string> = { x64: 'amd64', ia32: '386' }

/** The newest Go that a range stands for, at the module proxy; undefined when there is none. */
export async function newestOfGo(build: BuildContext, range: string): Promise<string | undefined> {
  const environment = { ...toolEnvironment(build), GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' }
  const { exit_code, output } = await capture(
    build,
    ['go', 'list', '-m', '-versions', 'golang.org/toolchain'],
    { environment },
  )
  if (exit_code !== 0) return undefined
  const machine = `${process.platform}-${PROCESSORS[process.arch] ?? process.arch}`
  const versions = output.split(/\s+/).flatMap((text) => {
    const [, version, of] = /^v0\.0\.1-go(\d+\.\d+\.\d+)\.(.+)$/.exec(text) ?? []
    return version !== undefined && of === machine ? [version] : []
  })
  return semver.maxSatisfying(versions, range, { loose: true }) ?? undefined
}

/** Undefined when the machine's Go, if it has one, cannot. */
export async function installGoToolchain(
  build: BuildContext,
  version: string,
): Promise<InstalledTool | 'failed' | 'no_such_version' | undefined> {
  const present = await presentVersion(build, 'go')
  if (present === null || semver.lt(present, '1.21.0') || semver.lt(version, '1.21.0')) {
    return undefined
  }
  const environment = { GOTOOLCHAIN: `go${version}` }
  let isMissing = false
  const exit_code = await build.commands.run({
    argv: ['go', 'version'],
    folder: build.folders.runner,
    environment: { ...toolEnvironment(build), ...environment },
    output: build.log.lines((line) => {
      isMissing ||= NOT_AVAILABLE.test(line)
    }),
  })
  if (exit_code !== 0) return isMissing ? 'no_such_version' : 'failed'
  return { folders: [], environment }
}
