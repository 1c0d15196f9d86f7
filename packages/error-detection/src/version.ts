/**
 * The version of the detector: stored with every scan, so that a backfill can take only the builds
 * that an older one has seen. A test ties it to a hash of all that decides what is detected.
 *
 * @module
 */
export const DETECTOR_VERSION = 4

/** Of the engine, the signatures and the causes, as `version.spec.ts` makes it. */
export const DETECTOR_HASH = '92d446b97df6f781'
