/**
 * The program in the build container: reads a build from stdin, runs it, reports to the control
 * plane, and ends.
 *
 * `--check` only tries whether it starts; `--user=<uid>`, given by a host that is root, says whom to
 * act as: a user whose processes are all the build's; `--cache=<folder>` where it passes archives of
 * the build cache, which is not used without; `--limits=<file>` what the log may have to name;
 * `--spec=<path>`, in a container, names the pipe that the build comes through in place of stdin,
 * whose end then means nothing.
 */
import { parseArgs } from 'node:util'
import { EXIT_WITH_CACHE } from '@workers-builds/contracts'
import { baseEnvironment } from './base-environment.ts'
import { actAs } from './commands/act-as-user.ts'
import { boundProcesses } from './limits/container-limits.ts'
import { InvalidSpec, readSpec, readSpecOnce } from './read-spec.ts'
import { runBuild } from './run-build.ts'
import { BuildStopped } from './stop-reason.ts'

/** 0: the build ran and was reported, however it went. */
const EXIT = { reported: 0, failed: 1, stopped: 2, withCache: EXIT_WITH_CACHE, invalidSpec: 64 }

async function main(): Promise<number> {
  // Asked by a host that wants to know whether the runner can be started at all.
  const {
    check,
    user,
    cache,
    limits,
    spec: pipe,
  } = parseArgs({
    options: {
      check: { type: 'boolean' },
      user: { type: 'string' },
      cache: { type: 'string' },
      limits: { type: 'string' },
      spec: { type: 'string' },
    },
  }).values
  if (check) return EXIT.reported
  // Root's alone, so it is read before we act as the build's user.
  const given = pipe === undefined ? undefined : await readSpecOnce(pipe)
  if (pipe !== undefined && given === undefined) {
    console.error('this container has had its build')
    return EXIT.reported
  }
  if (pipe !== undefined) await boundProcesses()
  if (user !== undefined) actAs(Number(user))
  const spec = given ?? (await readSpec(process.stdin))
  // Until here a signal ends the runner at once, and there is nothing else to end.
  const stop = new AbortController()
  process.on('SIGTERM', () => stop.abort(new BuildStopped('terminated')))
  process.on('SIGINT', () => stop.abort(new BuildStopped('terminated')))
  if (pipe === undefined) {
    process.stdin.on('close', () => stop.abort(new BuildStopped('host_gone'))).resume()
  }
  const timeLeft = Math.max(0, spec.deadline_on - Date.now())
  setTimeout(() => stop.abort(new BuildStopped('deadline')), timeLeft)
  const end = await runBuild({
    spec,
    home: process.cwd(),
    cacheFolder: cache,
    limitsFile: limits,
    baseEnvironment: baseEnvironment(process.env, process.execPath),
    ownUser: user !== undefined,
    stop,
  })
  if (end instanceof BuildStopped) return EXIT.stopped
  return end.hasCache ? EXIT.withCache : EXIT.reported
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error instanceof InvalidSpec ? error.message : error)
    process.exit(error instanceof InvalidSpec ? EXIT.invalidSpec : EXIT.failed)
  },
)
