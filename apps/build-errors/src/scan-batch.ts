import { BuildErrorsMessage, type BuildId, isFailedBuild } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { BuildScan, Store } from '@workers-builds/store'
import pMap from 'p-map'
import { detectErrors, type GoodBuilds, type ReadBuild } from './detect-errors.ts'
import { isStatementError } from './is-statement-error.ts'
import { CONCURRENT_READS, type LogReader } from './read-build-log.ts'
import { retryDelaySeconds } from './retry-delay.ts'
import { readErrors, scanOf } from './scan-build.ts'

type ScanContext = GoodBuilds & { readLog: LogReader }

/** Why a build has to be scanned again. */
type Trouble = 'incomplete' | 'unreadable' | 'unstored'

/**
 * Scans the builds of a batch and stores what it finds in one transaction. Messages are acked one by one:
 * a build whose log cannot be read, or whose scan cannot be stored, is tried again later and delays no
 * other. While the database is away, all of them are tried again later.
 */
export async function scanBatch(
  messages: readonly Message<unknown>[],
  context: ScanContext,
): Promise<void> {
  const byBuild = groupByBuild(messages)
  const build_ids = [...byBuild.keys()]
  const troubles = await scanBuilds(build_ids, context).catch((error: unknown) => {
    logger.withFields(errorFields(error)).warn('the database is away; scanning again later')
    return new Map(build_ids.map((build_id): [BuildId, Trouble] => [build_id, 'unstored']))
  })
  for (const [build_id, ofBuild] of byBuild) {
    const trouble = troubles.get(build_id)
    for (const message of ofBuild) {
      if (trouble === undefined) message.ack()
      else message.retry({ delaySeconds: retryDelaySeconds(trouble, message.attempts) })
    }
  }
}

/** A message that is not understood will not be understood later: it is reported and acked. */
function groupByBuild(messages: readonly Message<unknown>[]): Map<BuildId, Message<unknown>[]> {
  const byBuild = new Map<BuildId, Message<unknown>[]>()
  for (const message of messages) {
    const body = BuildErrorsMessage.safeParse(message.body)
    if (body.success) {
      const { build_id } = body.data
      byBuild.set(build_id, [...(byBuild.get(build_id) ?? []), message])
    } else {
      reportError(body.error, 'a message of BuildErrorsQueue is not understood')
      message.ack()
    }
  }
  return byBuild
}

/**
 * Scans these builds, stores the scans, and returns which builds have to be scanned again. The logs are
 * read while Postgres is asked how the builds ended, since nearly all builds that are sent here failed.
 */
async function scanBuilds(
  build_ids: BuildId[],
  { readLog, ...goodBuilds }: ScanContext,
): Promise<Map<BuildId, Trouble>> {
  const { store } = goodBuilds
  const [builds, detectors] = await Promise.all([
    store.buildErrorScans.selectBuilds(build_ids),
    readAll(build_ids, readLog),
  ])
  const troubles = new Map<BuildId, Trouble>()
  const read: ReadBuild[] = []
  for (const build of builds.filter(({ build_outcome }) => isFailedBuild(build_outcome))) {
    const detector = detectors.get(build.build_id) ?? 'unreadable'
    if (typeof detector === 'string') troubles.set(build.build_id, detector)
    else read.push({ ...build, detector })
  }
  const scans = (await detectErrors(read, goodBuilds)).map(scanOf)
  for (const build_id of await storeScans(store, scans)) troubles.set(build_id, 'unstored')
  return troubles
}

/** Reads the log of each build into a detector of its own. */
async function readAll(build_ids: BuildId[], readLog: LogReader) {
  let turn: Promise<void> | undefined
  const read = await pMap(
    build_ids,
    async (build_id, index) => {
      // Where the builds' objects are on the same machine, reading leaves the runtime no time for its
      // sockets: the response of Postgres would be read only after all logs.
      if (index % CONCURRENT_READS === 0) turn = scheduler.wait(0)
      await turn
      return [build_id, await readErrors(build_id, readLog)] as const
    },
    { concurrency: CONCURRENT_READS },
  )
  return new Map(read)
}

/** Stores `scans` together, or, if that fails, each by itself; returns the builds that failed. */
async function storeScans(
  store: Pick<Store, 'buildErrorScans'>,
  scans: BuildScan[],
): Promise<BuildId[]> {
  try {
    await store.buildErrorScans.replace(scans)
    return []
  } catch (error) {
    if (!isStatementError(error)) throw error
    logger.withFields(errorFields(error)).warn(`${scans.length} scans could not be stored together`)
  }
  const unstored: BuildId[] = []
  for (const scan of scans) {
    try {
      await store.buildErrorScans.replace([scan])
    } catch (error) {
      if (!isStatementError(error)) throw error
      reportError(error, 'a scan could not be stored', { build_id: scan.build_id })
      unstored.push(scan.build_id)
    }
  }
  return unstored
}
