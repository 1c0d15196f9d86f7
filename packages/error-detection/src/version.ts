/**
 * The version of the detector: stored with every scan, so that a backfill can take only the builds
 * that an older one has seen. A test ties it to a hash of all that decides what is detected; when it
 * fails, raise the version and give it the new hash.
 *
 * @module
 */
export const DETECTOR_VERSION = 1
