import { BuildErrorsMessage, type BuildId, isFailedBuild } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { BuildScan, BuildToScan, Store } from '@workers-builds/store'
import pMap from 'p-map'
import type { LogReader } from './read-build-log.ts'
import { scanBuild } from './scan-build.ts'

/** A Worker has six connections at once; one is for the database. */
const CONCURRENT_READS = 5
/** By when a log that was still being written is complete. */
const INCOMPLETE_DELAY_SECONDS = 30
const RETRY_DELAY_SECONDS = 10

type ScanContext = { store: Pick<Store, 'buildErrorScans'>; readLog: LogReader }

/**
 * Scans the builds of a batch and stores what was found in one transaction. Messages are answered
 * one by one: a build that cannot be read, or stored, is tried again later and holds back no other.
 */
export async function scanBatch(
  messages: readonly Message<unknown>[],
  { store, readLog }: ScanContext,
): Promise<void> {
  const byBuild = groupByBuild(messages)
  const builds = await store.buildErrorScans.selectBuilds([...byBuild.keys()])
  const failed = builds.filter((build) => isFailedBuild(build.build_outcome))

  const scans = await pMap(failed, (build) => tryScan(build, readLog), {
    concurrency: CONCURRENT_READS,
  })
  const done = scans.filter((scan) => typeof scan === 'object')
  const unstored = new Set(await storeScans(store, done))

  const later = new Map<BuildId, number>()
  for (const [index, { build_id }] of failed.entries()) {
    if (scans[index] === 'incomplete') later.set(build_id, INCOMPLETE_DELAY_SECONDS)
    if (scans[index] === 'unreadable') later.set(build_id, RETRY_DELAY_SECONDS)
    if (unstored.has(build_id)) later.set(build_id, RETRY_DELAY_SECONDS)
  }
  for (const [build_id, ofBuild] of byBuild) {
    const delaySeconds = later.get(build_id)
    for (const message of ofBuild) {
      if (delaySeconds === undefined) message.ack()
      else message.retry({ delaySeconds })
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

async function tryScan(
  build: BuildToScan,
  readLog: LogReader,
): Promise<BuildScan | 'incomplete' | 'unreadable'> {
  try {
    return (await scanBuild(build, readLog)) ?? 'incomplete'
  } catch (error) {
    reportError(error, 'a log could not be read', { build_id: build.build_id })
    return 'unreadable'
  }
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
    logger.withFields(errorFields(error)).warn(`${scans.length} scans could not be stored together`)
  }
  const unstored: BuildId[] = []
  for (const scan of scans) {
    try {
      await store.buildErrorScans.replace([scan])
    } catch (error) {
      reportError(error, 'a scan could not be stored', { build_id: scan.build_id })
      unstored.push(scan.build_id)
    }
  }
  return unstored
}
