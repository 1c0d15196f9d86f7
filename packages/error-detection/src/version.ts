/**
 * The version of the detector: stored with every scan, so that a backfill can take only the builds
 * that an older one has seen. It never goes down.
 *
 * @module
 */
import { DETECTOR_HASHES } from './detector-hashes.ts'

export const DETECTOR_VERSION = DETECTOR_HASHES.length
