import type { PartStatus } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { within } from './within.ts'

/** Throws when the part is not well. */
type PartCheck = () => Promise<unknown>

/** What a part's check answers while the part does not do its work yet. */
export const STARTING = Symbol('starting')

/**
 * Checks the health of all parts in parallel; one that throws, or has not answered after
 * `ms`, is not, and the log says why. So the answer is there after `ms`, whatever hangs.
 */
export async function checkParts<Part extends string>(
  checks: Record<Part, PartCheck>,
  { ms }: { ms: number },
): Promise<Record<Part, PartStatus>> {
  const check = async (part: Part): Promise<[Part, PartStatus]> => {
    try {
      const answer = await within(ms, checks[part]())
      return [part, answer === STARTING ? 'starting' : 'ok']
    } catch (error) {
      logger.withFields({ ...errorFields(error), part }).warn('a part of the system is not well')
      return [part, 'failing']
    }
  }
  const parts = Object.keys(checks) as Part[]
  return Object.fromEntries(await Promise.all(parts.map(check))) as Record<Part, PartStatus>
}
