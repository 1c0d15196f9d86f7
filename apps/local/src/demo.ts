/** `pnpm demo`: one push that fails, from the push to the detected error, and nothing left behind. */
import { join } from 'node:path'
import { shutdownSignal } from '@workers-builds/local-platform/processes'
import { checkResult } from './demo/check-result.ts'
import { type FollowedBuild, followBuild } from './demo/follow-build.ts'
import { pushProject } from './demo/push-project.ts'
import { describeResult, formatResult } from './demo/report.ts'
import { openApi } from './stack/api.ts'
import { clearStack } from './stack/clear-stack.ts'
import { startStack } from './stack/start-stack.ts'
import { REPOSITORY } from './stack/worker-configs.ts'
import { readArguments } from './terminal/arguments.ts'
import { COMPUTE_OPTION, readComputeOption } from './terminal/compute-option.ts'
import { startProgress } from './terminal/progress.ts'
import { runProgram } from './terminal/run-program.ts'
import { summarizeWorkerLines } from './terminal/worker-lines.ts'

const USAGE = `usage: pnpm demo [--compute host|containers] [--json]

  --compute  where the build runs: as a process of this machine's (host), or, as in production, in
             a container of Docker's, here of a small image
  --json     print the result as one line of JSON on stdout, and the progress on stderr`

/** Apart from `dev`, which may be running. */
const DIR = join(REPOSITORY, '.local', 'demo')
/** The push takes half a minute as a rule, most of it the installation of wrangler. */
const PATIENCE_MS = 5 * 60_000

async function main(): Promise<void> {
  const { values } = readArguments({
    usage: USAGE,
    options: { json: { type: 'boolean', default: false }, compute: COMPUTE_OPTION },
  })
  const compute = readComputeOption(values.compute, USAGE)
  // With --json only the result goes to stdout.
  const stream = values.json ? process.stderr : process.stdout
  const progress = startProgress({ stream })
  const result = await runDemo({ compute, print: progress.print, signal: shutdownSignal() })
  stream.write(`${describeResult(result, stream)}\n`)
  checkResult(result)
  progress.print('done')
  if (values.json) console.log(formatResult(result))
}

async function runDemo({
  compute,
  print,
  signal,
}: {
  compute: 'host' | 'containers'
  print: (what: string) => void
  signal: AbortSignal
}): Promise<FollowedBuild> {
  const { DATABASE_URL } = process.env
  const stack = await startStack({
    dir: DIR,
    compute,
    // The project needs Node and git; `dev` builds the whole image.
    smallImage: true,
    databaseUrl: DATABASE_URL,
    signal,
    fresh: true,
    onStage: (stage) => print(`starting ${stage}`),
    onLine: summarizeWorkerLines({ print }),
  })
  try {
    print('pushing a project whose build fails')
    const commit_hash = await pushProject({
      folder: join(DIR, 'project'),
      remote: stack.git_remote,
    })
    return await followBuild({
      api: openApi(stack),
      commit_hash,
      timeoutMs: PATIENCE_MS,
      signal,
      onStatus: print,
    })
  } finally {
    print('stopping')
    await stack.stop()
    await clearStack({ dir: DIR })
  }
}

await runProgram(main)
