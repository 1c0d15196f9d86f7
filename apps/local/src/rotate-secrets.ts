/**
 * Seals every stored secret again with the newest keys: of the system that `pnpm dev` runs, or of
 * the one at `--url` with a platform token in PLATFORM_TOKEN. Interrupted, it goes on when called
 * again. Exits 0 when nothing is left that an older key has sealed.
 */
import { join } from 'node:path'
import { RotatedSecrets, SealedSecrets, v4Envelope } from '@workers-builds/contracts'
import { readJsonFile } from '@workers-builds/local-platform/state'
import { z } from 'zod'
import { REPOSITORY } from './stack/worker-configs.ts'
import { readArguments, UsageError } from './terminal/arguments.ts'
import { runProgram } from './terminal/run-program.ts'

const USAGE = `usage: pnpm rotate-secrets [--url <address>]

  --url  a system other than the one of \`pnpm dev\`; its platform token is read from PLATFORM_TOKEN`

const Dev = z.object({ url: z.string(), platform_token: z.string() })

type System = { url: string; token: string }

async function main(): Promise<void> {
  const system = await findSystem()
  let resealed = 0
  let last: RotatedSecrets
  do {
    last = await call(system, 'POST', '/internal/secrets/rotate', RotatedSecrets)
    resealed += last.webhook.resealed + last.build.resealed
    console.log(`${resealed} sealed again, ${last.remaining} remain`)
  } while (last.webhook.resealed + last.build.resealed > 0 && last.remaining > 0)

  const { columns } = await call(system, 'GET', '/internal/secrets', SealedSecrets)
  for (const { keyring, table, column, keys } of columns) {
    const counts = keys.map(({ key_id, count }) => `${count} by ${key_id}`).join(', ') || 'none'
    console.log(`${keyring}: ${table}.${column}: ${counts}`)
  }
  for (const { table, column, row } of [...last.webhook.unopened, ...last.build.unopened]) {
    console.error(`no key opens ${table}.${column} of ${row}`)
  }
  const { remaining } = last
  if (remaining > 0) throw new Error(`${remaining} secrets are still sealed with older keys`)
}

async function findSystem(): Promise<System> {
  const { values } = readArguments({ usage: USAGE, options: { url: { type: 'string' } } })
  if (values.url !== undefined) {
    const token = process.env['PLATFORM_TOKEN']
    if (token === undefined) throw new UsageError(`PLATFORM_TOKEN is not set\n\n${USAGE}`)
    return { url: values.url, token }
  }
  const dev = await readJsonFile(join(REPOSITORY, '.local', 'dev.json'), Dev)
  if (dev === undefined)
    throw new Error('Nothing serves here; start it with: npx -y pnpm@12.21.0 dev')
  return { url: dev.url, token: dev.platform_token }
}

async function call<Result extends z.ZodType>(
  { url, token }: System,
  method: string,
  path: string,
  result: Result,
): Promise<z.infer<Result>> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${token}` },
  })
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return result.parse(v4Envelope(z.unknown()).parse(await response.json()).result)
}

await runProgram(main)
