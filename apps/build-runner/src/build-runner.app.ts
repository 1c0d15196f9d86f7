/**
 * The program in the build container: reads a build from stdin, runs it, reports to the control
 * plane, and ends.
 *
 * `--check` only tries whether it starts; `--user=<uid>`, given by a host that is root, says whom to
 * act as: a user whose processes are all the build's.
 */
import { parseArgs } from 'node:util'
import { baseEnvironment } from './base-environment.ts'
import { actAs } from './commands/build-user.ts'
import { InvalidSpec, readSpec } from './read-spec.ts'
import { runBuild } from './run-build.ts'
import { BuildStopped } from './stop-reason.ts'

/** 0: the build ran and was reported, however it went. */
const EXIT = { reported: 0, failed: 1, stopped: 2, invalidSpec: 64 }

async function main(): Promise<number> {
  // Asked by a host that wants to know whether the runner can be started at all.
  const { check, user } = parseArgs({
    options: { check: { type: 'boolean' }, user: { type: 'string' } },
  }).values
  if (check) return EXIT.reported
  if (user !== undefined) actAs(Number(user))
  const spec = await readSpec(process.stdin)
  // Until here a signal ends the runner at once, and there is nothing else to end.
  const stop = new AbortController()
  process.on('SIGTERM', () => stop.abort(new BuildStopped('terminated')))
  process.on('SIGINT', () => stop.abort(new BuildStopped('terminated')))
  process.stdin.on('close', () => stop.abort(new BuildStopped('host_gone'))).resume()
  const timeLeft = Math.max(0, spec.deadline_on - Date.now())
  setTimeout(() => stop.abort(new BuildStopped('deadline')), timeLeft)
  const stopped = await runBuild({
    spec,
    home: process.cwd(),
    baseEnvironment: baseEnvironment(process.env, process.execPath),
    ownUser: user !== undefined,
    stop,
  })
  return stopped === undefined ? EXIT.reported : EXIT.stopped
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error instanceof InvalidSpec ? error.message : error)
    process.exit(error instanceof InvalidSpec ? EXIT.invalidSpec : EXIT.failed)
  },
)
