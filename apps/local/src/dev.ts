/** `pnpm dev`: the whole system on this machine, until Ctrl-C. */
import { delimiter, join, relative } from 'node:path'
import { styleText } from 'node:util'
import { freePort } from '@workers-builds/local-platform/net'
import { shutdownSignal } from '@workers-builds/local-platform/processes'
import { DEMO_PROJECT } from './stack/seed.ts'
import { type Stack, startStack } from './stack/start-stack.ts'
import { REPOSITORY } from './stack/worker-configs.ts'
import { readArguments, UsageError } from './terminal/arguments.ts'
import { COMPUTE_OPTION, readComputeOption } from './terminal/compute-option.ts'
import { startProgress } from './terminal/progress.ts'
import { runProgram } from './terminal/run-program.ts'
import { summarizeWorkerLines } from './terminal/worker-lines.ts'

const DIR = join(REPOSITORY, '.local')
/** Says that, and where, this checkout serves; for programs. */
const DEV_FILE = join(DIR, 'dev.json')
/** Where `wrangler dev` serves as a rule. */
const USUAL_PORT = 8787

const USAGE = `usage: pnpm dev [--compute host|containers] [--port <number>] [--inspect]

  --compute  where builds run: as processes of this machine's (host), or, as in production, in
             containers of Docker's; each keeps a system of its own
  --port     where the client Worker serves, if that port is free (${USUAL_PORT})
  --inspect  opens the inspector of the Workers, which shows their secrets to every program and
             user of this machine, builds too`

async function main(): Promise<void> {
  const { port, inspect, compute } = readOptions()
  const dir = compute === 'host' ? DIR : join(DIR, compute)
  const inspectorPort = inspect ? await freePort() : undefined
  const { DATABASE_URL, SENTRY_DSN, COMPUTE_HOST_READABLE_PATHS = '' } = process.env
  const signal = shutdownSignal()
  const progress = startProgress({ stream: process.stdout })
  const stack = await startStack({
    dir,
    compute,
    hasPage: true,
    port,
    inspectorPort,
    databaseUrl: DATABASE_URL,
    ...(SENTRY_DSN && { vars: { SENTRY_DSN } }),
    readablePaths: COMPUTE_HOST_READABLE_PATHS.split(delimiter).filter((path) => path !== ''),
    announceIn: DEV_FILE,
    signal,
    onStage: (stage) => progress.print(`starting ${stage}`),
    onLine: summarizeWorkerLines({ print: progress.print }),
  })
  try {
    progress.print(`serving at ${stack.url}`)
    if (new URL(stack.url).port !== String(port)) progress.print(`port ${port} was taken`)
    if (inspectorPort !== undefined) {
      progress.print(
        `warning: the inspector at ws://127.0.0.1:${inspectorPort}/ws shows the secrets of this system to every program of this machine, builds too`,
      )
    }
    console.log(describe(stack, dir))
    await untilEnd(stack, signal)
    console.log('\nStopping …')
  } finally {
    await stack.stop()
  }
}

function readOptions() {
  const { values } = readArguments({
    usage: USAGE,
    options: {
      port: { type: 'string', default: String(USUAL_PORT) },
      inspect: { type: 'boolean', default: false },
      compute: COMPUTE_OPTION,
    },
  })
  const compute = readComputeOption(values.compute, USAGE)
  const port = Number(values.port)
  if (Number.isInteger(port) && port > 0 && port < 65_536)
    return { port, inspect: values.inspect, compute }
  throw new UsageError(`'${values.port}' is no port\n\n${USAGE}`)
}

function describe(stack: Stack, dir: string): string {
  const { url, account_id, script_tag, token, platform_token, git_remote, git_host } = stack
  const logs = relative(process.cwd(), join(dir, 'logs'))
  const command = (text: string) => `  ${styleText('cyan', text)}`
  return `
  page            ${styleText('bold', url)}
  address         ${url}
  account         ${account_id}
  worker          ${script_tag} (${DEMO_PROJECT.script_name})
  token           ${token}
  platform token  ${platform_token}
  Git host        ${git_host.api_url} (GitHub's API; check runs are there)
  its token       github_token in ${relative(process.cwd(), join(dir, 'secrets.json'))}

Push any project, on any branch, and it is built:

${command(`git push ${git_remote} HEAD`)}

Watch the newest build, and read why it failed:

${command('npx -y pnpm@12.21.0 logs')}

List the builds:

${command(`curl -H 'Authorization: Bearer ${token}' \\
    ${url}/client/v4/accounts/${account_id}/builds/workers/${script_tag}/builds`)}

Ctrl-C stops everything. Logs are in ${logs}.
`
}

/** Resolves when it is asked to end; throws when the Workers end by themselves. */
async function untilEnd({ ended }: Stack, signal: AbortSignal): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
  const failed = ended.then((reason) => {
    if (!signal.aborted) throw new Error(reason)
  })
  await Promise.race([asked, failed])
}

await runProgram(main)
