/** `pnpm logs [build_uuid]`: prints a build's log as it is written, by default the newest build's. */
import { join } from 'node:path'
import { styleText } from 'node:util'
import {
  type Build,
  type BuildErrors,
  isFailedBuild,
  type SkipReason,
} from '@workers-builds/contracts'
import { watchLog } from '@workers-builds/local-platform/live-log'
import { shutdownSignal } from '@workers-builds/local-platform/processes'
import { readJsonFile } from '@workers-builds/local-platform/state'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { z } from 'zod'
import { type Api, openApi } from './stack/api.ts'
import { REPOSITORY } from './stack/worker-configs.ts'
import { readArguments } from './terminal/arguments.ts'
import { explainErrors } from './terminal/explain-errors.ts'
import { runProgram } from './terminal/run-program.ts'
import { colouredText } from './terminal/terminal-text.ts'

/** What `pnpm dev` says of itself while it serves. */
const Dev = z.object({
  url: z.url(),
  account_id: z.string(),
  script_tag: z.string(),
  token: z.string(),
  platform_token: z.string(),
})

const PAUSE_MS = 500
/** A build may wait for all the others of its account. */
const QUEUE_PATIENCE_MS = 24 * 60 * 60_000
const SCAN_PATIENCE_MS = 30_000

const SKIP_REASONS: Record<SkipReason, string> = {
  superseded: 'a newer push to its branch took its place',
  worker_deleted: 'its Worker was deleted',
  branch_deleted: 'its branch was deleted',
  builds_disabled: 'builds of its branch are switched off',
  repo_disconnected: 'its repository is not connected any more',
  skip_ci: 'the commit message or the push asks for no build',
  paths_excluded: 'it changes nothing below the watched paths',
}

/** A build whose state is asked for. */
type Wanted = { api: Api; build_uuid: string; signal: AbortSignal }

const USAGE = `usage: pnpm logs [<build_uuid>]

Prints the log of a build as it is written, by default of the newest build, and
then why it failed. Ends with 1 for a build that failed.`

async function main(): Promise<void> {
  const { positionals } = readArguments({ usage: USAGE, options: {}, maxPositionals: 1 })
  const dev = await readJsonFile(join(REPOSITORY, '.local', 'dev.json'), Dev)
  if (dev === undefined)
    throw new Error('Nothing serves here; start it with: npx -y pnpm@12.21.0 dev')
  const api = openApi(dev)
  const signal = shutdownSignal()
  const build_uuid = positionals[0] ?? (await newestBuild(api))
  note(`build ${build_uuid}`)
  const started = await untilStarted({ api, build_uuid, signal })
  if (started.skip_reason !== null) {
    note(`skipped: ${SKIP_REASONS[started.skip_reason]}`)
    return
  }
  for await (const frame of watchLog({ ...dev, build_uuid }, signal)) {
    if (frame.type === 'lines') {
      for (const [, message] of frame.lines) console.log(colouredText(message))
    }
    if (frame.type === 'status') note(`build is ${frame.status}`)
    if (frame.type === 'end') {
      const reason = frame.failure_reason === null ? '' : ` (${frame.failure_reason})`
      note(`${frame.build_outcome}${reason}, ${frame.line_count} lines`)
      if (!isFailedBuild(frame.build_outcome)) return
      process.exitCode = 1
      const errors = await findErrors({ api, build_uuid, signal })
      console.error(`\n${explainErrors({ errors, stream: process.stderr })}\n`)
    }
  }
}

async function newestBuild(api: Api): Promise<string> {
  const [newest] = await api.listBuilds()
  if (newest === undefined) throw new Error('There is no build yet; push something first')
  return newest.build_uuid
}

/** The build once it is not queued any more. */
async function untilStarted({ api, build_uuid, signal }: Wanted): Promise<Build> {
  const build = await api.getBuild(build_uuid)
  if (build.status !== 'queued') return build
  note('it is queued: its log begins when it starts')
  const find = async () => {
    const found = await api.getBuild(build_uuid)
    return found.status !== 'queued' && found
  }
  return await waitFor(`the start of build ${build_uuid}`, find, {
    timeoutMs: QUEUE_PATIENCE_MS,
    pauseMs: PAUSE_MS,
    signal,
  })
}

/** What was detected in the log, as soon as it has been read. */
async function findErrors({ api, build_uuid, signal }: Wanted): Promise<BuildErrors['errors']> {
  const find = async () => {
    const { scan, errors } = await api.getErrors(build_uuid)
    return scan !== null && errors
  }
  return await waitFor(`the reason why build ${build_uuid} failed`, find, {
    timeoutMs: SCAN_PATIENCE_MS,
    pauseMs: PAUSE_MS,
    signal,
  })
}

/** Beside the log, which alone goes to stdout. */
function note(text: string): void {
  console.error(styleText('dim', `— ${text}`, { stream: process.stderr }))
}

await runProgram(main)
