/**
 * Seals every stored secret again with the newest keys: of the system that `pnpm dev` runs, or of
 * the one at `--url` with a platform token in PLATFORM_TOKEN. Interrupted, it goes on when called
 * again. Exits 0 when nothing is left that an older key has sealed.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RotatedSecrets, SealedSecrets, v4Envelope } from '@workers-builds/contracts'
import { readJsonFile } from '@workers-builds/local-platform/state'
import { z } from 'zod'
import { REPOSITORY } from './stack/worker-configs.ts'

const { values } = parseArgs({ options: { url: { type: 'string' } } })
const dev = await readJsonFile(
  join(REPOSITORY, '.local', 'dev.json'),
  z.object({ url: z.string(), platform_token: z.string() }),
)
const url = values.url ?? dev?.url
const token = values.url === undefined ? dev?.platform_token : process.env['PLATFORM_TOKEN']
if (url === undefined || token === undefined) {
  console.error('Start `pnpm dev`, or pass --url and set PLATFORM_TOKEN.')
  process.exit(2)
}

async function call<Result extends z.ZodType>(
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

let resealed = 0
let last: RotatedSecrets
do {
  last = await call('POST', '/internal/secrets/rotate', RotatedSecrets)
  resealed += last.webhook.resealed + last.build.resealed
  console.log(`${resealed} sealed again, ${last.remaining} remain`)
} while (last.webhook.resealed + last.build.resealed > 0 && last.remaining > 0)

const { columns } = await call('GET', '/internal/secrets', SealedSecrets)
for (const { keyring, table, column, keys } of columns) {
  const counts = keys.map(({ key_id, count }) => `${count} by ${key_id}`).join(', ') || 'none'
  console.log(`${keyring}: ${table}.${column}: ${counts}`)
}
for (const { table, column, row } of [...last.webhook.unopened, ...last.build.unopened]) {
  console.error(`no key opens ${table}.${column} of ${row}`)
}
process.exitCode = last.remaining === 0 ? 0 : 1
