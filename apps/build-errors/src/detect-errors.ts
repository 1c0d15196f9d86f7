import type { BuildId, LineTemplates } from '@workers-builds/contracts'
import { type Detection, type ErrorDetector, wantsGoodBuild } from '@workers-builds/error-detection'
import { errorFields, logger } from '@workers-builds/logging'
import type { BuildToScan, Store } from '@workers-builds/store'
import pMap from 'p-map'
import { CONCURRENT_READS, type TemplateReader } from './read-build-log.ts'

/** A failed build, and the detector that has read its log. */
export type ReadBuild = BuildToScan & { detector: ErrorDetector }

export type GoodBuilds = {
  store: Pick<Store, 'buildErrorScans'>
  readTemplates: TemplateReader
}

/** What the detector found in a build's log. */
export type FoundErrors = { build_id: BuildId; detection: Detection }

/**
 * What was found in each log. Where no signature decides, the last good build of the same trigger
 * is a witness: what it printed as well is seldom why this one failed.
 */
export async function detectErrors(
  builds: readonly ReadBuild[],
  goodBuilds: GoodBuilds,
): Promise<FoundErrors[]> {
  const found = builds.map((build) => ({ build, detection: finish(build) }))
  const undecided = found.filter(({ detection }) => wantsGoodBuild(detection))
  const witnesses = await readWitnesses(
    undecided.map(({ build }) => build.build_id),
    goodBuilds,
  )
  return found.map(({ build, detection }) => {
    const { build_id } = build
    const good_build = witnesses.get(build_id)
    return { build_id, detection: good_build ? finish(build, good_build) : detection }
  })
}

function finish({ detector, failure_reason }: ReadBuild, good_build?: LineTemplates): Detection {
  return detector.finish({ failure_reason, good_build })
}

/** What the last good build before each build printed, for those of which it is known. */
async function readWitnesses(
  build_ids: BuildId[],
  { store, readTemplates }: GoodBuilds,
): Promise<Map<BuildId, LineTemplates>> {
  const goodOf = await store.buildErrorScans.selectGoodBuilds(build_ids)
  const read = await pMap(
    new Set(goodOf.values()),
    async (build_id) => [build_id, await templatesOf(build_id, readTemplates)] as const,
    { concurrency: CONCURRENT_READS },
  )
  const templates = new Map(read)
  const witnesses = new Map<BuildId, LineTemplates>()
  for (const [build_id, good_build_id] of goodOf) {
    const ofGood = templates.get(good_build_id)
    if (ofGood) witnesses.set(build_id, ofGood)
  }
  return witnesses
}

/** Null as well when it cannot be asked: the witness helps, and is not needed. */
async function templatesOf(build_id: BuildId, read: TemplateReader): Promise<LineTemplates | null> {
  try {
    return await read(build_id)
  } catch (error) {
    const fields = { ...errorFields(error), good_build_id: build_id }
    logger.withFields(fields).warn('a good build could not be asked what it printed')
    return null
  }
}
