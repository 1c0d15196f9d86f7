import { errorFields, logger } from '@workers-builds/logging'
import type { KeptLog, Store } from '@workers-builds/store'
import PQueue from 'p-queue'
import { cacheKeys } from '../build-buddy/cache-key.ts'

/** How many builds one pass erases; builds that wait to start do not wait long for it. */
export const MOST_PER_PASS = 50
const CONCURRENT_ERASURES = 6

/** Erases a build's BuildBuddy; false while something of the build is still under way. */
export type EraseBuild = (build_id: number) => Promise<boolean>

/** Removes what builds cached under these keys, where builds run; repeated, it changes nothing. */
export type DeleteCaches = (keys: string[]) => Promise<void>

/**
 * Works off a part of what is to be erased: builds after `after`, each one's BuildBuddy first and
 * its row then, and at the end what they cached, the Workers and accounts. Answers where the next pass goes on: a
 * build whose container takes long to end holds back no other.
 */
export async function eraseDeleted({
  store,
  eraseBuild,
  deleteCaches,
  after,
}: {
  store: Pick<Store, 'deletions'>
  eraseBuild: EraseBuild
  deleteCaches: DeleteCaches
  after: number
}): Promise<{ after: number }> {
  const builds = await store.deletions.selectBuilds({ after, limit: MOST_PER_PASS })
  // A build that nobody claimed was never addressed, and is not by being erased.
  const unclaimed = builds.filter((build) => !build.claimed).map((build) => build.build_id)
  const claimed = builds.filter((build) => build.claimed).map((build) => build.build_id)
  const erased = await eraseEach(claimed, eraseBuild)
  await store.deletions.deleteBuilds([...unclaimed, ...erased])
  if (builds.length === MOST_PER_PASS) return { after: builds.at(-1)?.build_id ?? 0 }
  const kept = await deleteAllCaches({ store, deleteCaches })
  await store.deletions.finish({ kept })
  return { after: 0 }
}

/**
 * Deletes what is cached of targets whose builds are erased. Answers with those of which that failed:
 * their rows, which have the keys, stay until the compute can be reached again.
 */
async function deleteAllCaches({
  store,
  deleteCaches,
}: {
  store: Pick<Store, 'deletions'>
  deleteCaches: DeleteCaches
}) {
  const targets = await store.deletions.selectCaches()
  for (const [index, { account_id, caches }] of targets.entries()) {
    try {
      await deleteCaches(caches.flatMap(cacheKeys))
    } catch (error) {
      logger
        .withTags({ account_id })
        .withFields(errorFields(error))
        .warn('what was cached for a deleted account could not be removed; trying again')
      // The others would wait as long for the same answer.
      return targets.slice(index)
    }
  }
  return []
}

/**
 * Removes some of the logs that were kept long enough, after `after`. Answers where the next pass
 * goes on, past those that could not be removed; null when there are no more.
 */
export async function removeExpiredLogs({
  store,
  eraseBuild,
  after,
}: {
  store: Pick<Store, 'logRetention'>
  eraseBuild: EraseBuild
  after: KeptLog | null
}): Promise<{ after: KeptLog | null }> {
  const expired = await store.logRetention.selectExpired({ after, limit: MOST_PER_PASS })
  const build_ids = expired.map((log) => log.build_id)
  await store.logRetention.recordDeleted(await eraseEach(build_ids, eraseBuild))
  return { after: expired.length === MOST_PER_PASS ? (expired.at(-1) ?? null) : null }
}

/** Answers which of the builds are erased now. */
async function eraseEach(build_ids: number[], eraseBuild: EraseBuild): Promise<number[]> {
  const queue = new PQueue({ concurrency: CONCURRENT_ERASURES })
  const erased = await queue.addAll(
    build_ids.map((build_id) => async () => {
      try {
        return await eraseBuild(build_id)
      } catch (error) {
        logger
          .withTags({ build_id })
          .withFields(errorFields(error))
          .warn('a build could not be erased; trying again')
        return false
      }
    }),
  )
  return build_ids.filter((_, index) => erased[index])
}
