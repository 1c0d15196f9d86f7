/** `pnpm logs [build_uuid]`: prints a build's log as it is written, by default the newest build's. */
import { join } from 'node:path'
import { styleText } from 'node:util'
import { Build, v4Envelope } from '@workers-builds/contracts'
import { watchLog } from '@workers-builds/local-platform/live-log'
import { shutdownSignal } from '@workers-builds/local-platform/processes'
import { readJsonFile } from '@workers-builds/local-platform/state'
import { z } from 'zod'
import { REPOSITORY } from './stack/worker-configs.ts'
import { readArguments } from './terminal/arguments.ts'
import { runProgram } from './terminal/run-program.ts'

/** What `pnpm dev` says of itself while it serves. */
const Dev = z.object({
  url: z.url(),
  account_id: z.string(),
  script_tag: z.string(),
  token: z.string(),
})

const USAGE = `usage: pnpm logs [<build_uuid>]

Prints the log of a build as it is written, by default of the newest build.`

async function main(): Promise<void> {
  const { positionals } = readArguments({ usage: USAGE, options: {}, maxPositionals: 1 })
  const dev = await readJsonFile(join(REPOSITORY, '.local', 'dev.json'), Dev)
  if (dev === undefined) throw new Error('Nothing serves here; start it with: npx -y pnpm@12 dev')
  const build_uuid = positionals[0] ?? (await newestBuild(dev))
  note(`build ${build_uuid}`)
  for await (const frame of watchLog({ ...dev, build_uuid }, shutdownSignal())) {
    if (frame.type === 'lines') for (const [, message] of frame.lines) console.log(message)
    if (frame.type === 'status') note(`build is ${frame.status}`)
    if (frame.type === 'end') {
      const reason = frame.failure_reason === null ? '' : ` (${frame.failure_reason})`
      note(`${frame.build_outcome}${reason}, ${frame.line_count} lines`)
    }
  }
}

async function newestBuild({ url, account_id, script_tag, token }: z.infer<typeof Dev>) {
  const path = `/client/v4/accounts/${account_id}/builds/workers/${script_tag}/builds?per_page=1`
  const response = await fetch(new URL(path, url), {
    headers: { authorization: `Bearer ${token}` },
  })
  const [newest] = v4Envelope(z.array(Build)).parse(await response.json()).result
  if (newest === undefined) throw new Error('There is no build yet; push something first')
  return newest.build_uuid
}

/** Beside the log, which alone goes to stdout. */
function note(text: string): void {
  console.error(styleText('dim', `— ${text}`, { stream: process.stderr }))
}

await runProgram(main)
