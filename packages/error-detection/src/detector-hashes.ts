/**
 * Every version of the detector, by a hash of its code: the version is the place in this list, from
 * 1. The list only grows, by `pnpm --filter @workers-builds/error-detection run version`; a merge
 * keeps the lines of both sides, and its result needs one more. `version.spec.ts` says when.
 *
 * @module
 */
export const DETECTOR_HASHES: readonly string[] = [
  '7f72ce8a73e95998',
  'd71205478ad1e900',
  'ddfcc6645155625e',
  '92d446b97df6f781',
  'd4ddab30222d1f01',
  '7a8ad5606e3b991b',
  'cbd15922e0a3f741',
  '830b20a5ef0bbf48',
  'da29eb38378f6e7d',
  '82ad188fa618f6eb',
  'f77a5e3dc1f2ae3b',
  'c567d14473c76c2b',
  '0fa6b2ed8125fb91',
  'ba20ea508f1b3bb3',
  '679f711ea6f18911',
  'cc4947b9a52d5227',
  '20796c4be828db78',
  'c0f0e78392ed9b54',
  'ed8d826f92c84b98',
  'd292944af11659a3',
  '8fbf34b9a2725da0',
]
