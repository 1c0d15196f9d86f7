/**
 * Tickets of live logs. A browser cannot set a header on a WebSocket, so the ticket is in
 * its URL: good for one build and one minute. It is sealed, so that it needs no row.
 */
import { BuildsError, LIVE_TICKET_SECONDS } from '@workers-builds/contracts'
import { parseKeyring } from '@workers-builds/sealing'

type BuildName = { account_id: string; build_uuid: string }

/** A ticket for the live log of a build. */
export async function makeTicket(
  env: Pick<Env, 'WEBHOOK_KEYRING'>,
  build: BuildName,
  now: number,
): Promise<{ ticket: string; expires_on: number }> {
  const expires_on = now + LIVE_TICKET_SECONDS * 1_000
  const ticket = await parseKeyring(env.WEBHOOK_KEYRING).seal(String(expires_on), placeOf(build))
  return { ticket, expires_on }
}

/** Throws unless `ticket` is for this build and has not expired. */
export async function verifyTicket(
  env: Pick<Env, 'WEBHOOK_KEYRING'>,
  { ticket, ...build }: BuildName & { ticket: string },
  now: number,
): Promise<void> {
  const expires_on = await parseKeyring(env.WEBHOOK_KEYRING)
    .open(ticket, placeOf(build))
    .catch((cause: unknown) => {
      const message = 'Authentication error: this is not a ticket for the live log of this build'
      throw new BuildsError('invalid_token', message, { cause })
    })
  if (Number(expires_on) > now) return
  throw new BuildsError(
    'invalid_token',
    'Authentication error: this ticket has expired; get a new one with POST …/logs/ticket',
  )
}

/** No row: it only makes a ticket good for its build alone. */
function placeOf({ account_id, build_uuid }: BuildName) {
  return { table: 'builds', row: `${account_id}|${build_uuid}`, column: 'live_log_ticket' }
}
