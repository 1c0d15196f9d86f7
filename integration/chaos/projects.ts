/** The projects that are built, what they print, and what has to come of each. */
import type { BuildOutcome, FailureReason } from '@workers-builds/contracts'

export const BUILD_KINDS = [
  'quick',
  'slow',
  'long',
  'build_failure',
  'deploy_failure',
  'install_failure',
  'sleeper',
  'cancelled',
] as const
export type BuildKind = (typeof BUILD_KINDS)[number]

export interface Project {
  files: Record<string, string>
  /** What its commands print when they are let: every one of these lines once, in this order. */
  lines: string[]
  build_outcome: BuildOutcome
  failure_reason: FailureReason | null
}

/** Builds on these branches have an account of their own, with a short limit. */
export const SHORT_LIMIT_BRANCHES = 'short/*'

export function branchOf(kind: BuildKind, index: number): string {
  return kind === 'sleeper' ? `short/${index}` : `chaos/${index}`
}

export function projectOf(kind: BuildKind, index: number): Project {
  const built = numbered(`${index} builds`, BUILT[kind])
  const deployed = numbered(`${index} deploys`, DEPLOYED[kind] ?? 0)
  return {
    files: {
      'build.sh': `${print(`${index} builds`, BUILT[kind], kind === 'slow' ? 0.1 : 0)}${END[kind] ?? ''}`,
      'deploy.sh': `${print(`${index} deploys`, DEPLOYED[kind] ?? 0)}${kind === 'deploy_failure' ? 'exit 4\n' : ''}`,
      ...(kind === 'install_failure' && {
        'package.json': JSON.stringify({ name: 'p', dependencies: { 'is-number': '7.0.0' } }),
        'package-lock.json': JSON.stringify({ name: 'p', lockfileVersion: 3, packages: {} }),
      }),
    },
    lines: [...built, ...deployed],
    ...ENDS[kind],
  }
}

/** How many lines each command prints. */
const BUILT: Record<BuildKind, number> = {
  quick: 20,
  slow: 60,
  long: 5_000,
  build_failure: 10,
  deploy_failure: 10,
  install_failure: 0,
  sleeper: 5,
  cancelled: 5,
}
const DEPLOYED: Partial<Record<BuildKind, number>> = {
  quick: 5,
  slow: 5,
  long: 5,
  deploy_failure: 5,
}

/** What the build command does after it has printed. */
const END: Partial<Record<BuildKind, string>> = {
  build_failure: 'no-such-program\n',
  // With daemons that have to be found.
  sleeper: '(env -i setsid sleep 600 &)\nsleep 600\n',
  cancelled: 'setsid sleep 600 &\nsleep 600\n',
}

const SUCCESS = { build_outcome: 'success', failure_reason: null } as const
const failed = (failure_reason: FailureReason) =>
  ({ build_outcome: 'fail', failure_reason }) as const
const ENDS: Record<BuildKind, Pick<Project, 'build_outcome' | 'failure_reason'>> = {
  quick: SUCCESS,
  slow: SUCCESS,
  long: SUCCESS,
  build_failure: failed('build_command_failed'),
  deploy_failure: failed('deploy_command_failed'),
  install_failure: failed('install_failed'),
  sleeper: { build_outcome: 'terminated', failure_reason: 'timed_out' },
  cancelled: { build_outcome: 'cancelled', failure_reason: null },
}

function numbered(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, line) => `chaos ${what} ${line}`)
}

/** A shell script that prints the lines of `numbered`. */
function print(what: string, count: number, pause = 0): string {
  const wait = pause > 0 ? `; sleep ${pause}` : ''
  return `i=0\nwhile [ $i -lt ${count} ]; do echo "chaos ${what} $i"; i=$((i+1))${wait}; done\n`
}
