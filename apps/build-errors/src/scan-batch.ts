import { BuildErrorsMessage, type BuildId } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { BuildScan, Store } from '@workers-builds/store'
import pMap from 'p-map'
import type { LogReader } from './read-build-log.ts'
import { retryDelaySeconds } from './retry-delay.ts'
import { type KnownBuilds, scanBuild } from './scan-build.ts'

/** Six connections of a Worker may wait for an answer at once; the database's is idle meanwhile. */
const CONCURRENT_READS = 6

type ScanContext = { store: Pick<Store, 'buildErrorScans'>; readLog: LogReader }

/** Why a build is to be looked at again. */
type Trouble = 'incomplete' | 'unreadable' | 'unstored'

/**
 * Scans the builds of a batch and stores what was found in one transaction. Messages are answered
 * one by one: a build that cannot be read, or stored, is tried again later and holds back no other.
 * While the database is away, all of them are.
 */
export async function scanBatch(
  messages: readonly Message<unknown>[],
  { store, readLog }: ScanContext,
): Promise<void> {
  const byBuild = groupByBuild(messages)
  const build_ids = [...byBuild.keys()]
  const troubles = await scanBuilds(build_ids, { store, readLog }).catch((error: unknown) => {
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

/** A message that is none of ours will not become one: it is reported, and gone. */
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

/** Scans these builds and stores it; answers which have to be looked at again. */
async function scanBuilds(
  build_ids: BuildId[],
  { store, readLog }: ScanContext,
): Promise<Map<BuildId, Trouble>> {
  const known: KnownBuilds = store.buildErrorScans
    .selectBuilds(build_ids)
    .then((builds) => new Map(builds.map((build) => [build.build_id, build])))
  const scans = await pMap(build_ids, (build_id) => scanBuild(build_id, { known, readLog }), {
    concurrency: CONCURRENT_READS,
  })
  const troubles = new Map<BuildId, Trouble>()
  for (const [index, build_id] of build_ids.entries()) {
    const scan = scans[index]
    if (scan === 'incomplete' || scan === 'unreadable') troubles.set(build_id, scan)
  }
  const done = scans.filter((scan) => typeof scan === 'object')
  for (const build_id of await storeScans(store, done)) troubles.set(build_id, 'unstored')
  return troubles
}

/** Stores `scans` together, or, if that fails, each by itself; answers which could not be. */
async function storeScans(
  store: Pick<Store, 'buildErrorScans'>,
  scans: BuildScan[],
): Promise<BuildId[]> {
  try {
    await store.buildErrorScans.replace(scans)
    return []
  } catch (error) {
    if (!isRefusal(error)) throw error
    logger.withFields(errorFields(error)).warn(`${scans.length} scans could not be stored together`)
  }
  const unstored: BuildId[] = []
  for (const scan of scans) {
    try {
      await store.buildErrorScans.replace([scan])
    } catch (error) {
      if (!isRefusal(error)) throw error
      reportError(error, 'a scan could not be stored', { build_id: scan.build_id })
      unstored.push(scan.build_id)
    }
  }
  return unstored
}

/** Classes of errors that are the server's own state: connection, resources, shutting down. */
const AWAY = /^(08|53|57)/

/** Whether the database took offence at what it was given, rather than not being there. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'PostgresError') return false
  return !('code' in error && AWAY.test(String(error.code)))
}
