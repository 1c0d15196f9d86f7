/** Whose cache a build uses. */
export interface CacheOwner {
  trigger_uuid: string
  /** How often the cache was purged: it begins anew under another key. */
  cache_generation: number
}

/** One trigger's alone, so that other branches do not write what production reads; new when purged. */
export function cacheKey({ trigger_uuid, cache_generation }: CacheOwner): string {
  return `${trigger_uuid}.${cache_generation}`
}

/** All keys that builds of a trigger can have used so far. */
export function cacheKeys({ trigger_uuid, cache_generation }: CacheOwner): string[] {
  return Array.from({ length: cache_generation + 1 }, (_, earlier) =>
    cacheKey({ trigger_uuid, cache_generation: earlier }),
  )
}
