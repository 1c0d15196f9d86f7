import type { PartStatus } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { within } from './within.ts'

/**
 * Asks all parts at the same time whether they are well; one that throws, or has not answered after
 * `ms`, is not, and the log says why. So the answer is there after `ms`, whatever hangs.
 */
export async function checkParts<Part extends string>(
  checks: Record<Part, () => Promise<unknown>>,
  { ms }: { ms: number },
): Promise<Record<Part, PartStatus>> {
  const check = async (part: Part): Promise<[Part, PartStatus]> => {
    try {
      await within(ms, checks[part]())
      return [part, 'ok']
    } catch (error) {
      logger.withFields({ ...errorFields(error), part }).warn('a part of the system is not well')
      return [part, 'failing']
    }
  }
  const parts = Object.keys(checks) as Part[]
  return Object.fromEntries(await Promise.all(parts.map(check))) as Record<Part, PartStatus>
}
