/**
 * `pnpm --filter @workers-builds/error-detection run version`: gives the detector, as it is now, the
 * next version.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { DETECTOR_HASHES } from '../src/detector-hashes.ts'
import { detectorHash } from './detector-hash.ts'

const FILE = new URL('../src/detector-hashes.ts', import.meta.url)

const hash = await detectorHash()
if (DETECTOR_HASHES.at(-1) === hash) {
  console.log(`The detector is version ${DETECTOR_HASHES.length} already.`)
} else {
  writeFileSync(FILE, readFileSync(FILE, 'utf8').replace(/\n\]/, `\n  '${hash}',\n]`))
  console.log(`The detector is version ${DETECTOR_HASHES.length + 1} now.`)
}
