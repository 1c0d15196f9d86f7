import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DETECTOR_HASH, DETECTOR_VERSION } from './version.ts'

/** Whatever decides what is detected: the engine, the signatures, the causes. */
function sourcesHash(): string {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) =>
        file.endsWith('.ts') &&
        !/\.(?:spec|cli)\.ts$|^(?:version|docs|index)\.ts$|^cli\//.test(file),
    )
    .sort()
  const hash = createHash('sha256')
  for (const file of sources) {
    hash.update(`${file}\n${readFileSync(`${import.meta.dirname}/${file}`, 'utf8')}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

test('a change of what is detected raises DETECTOR_VERSION, and names the new hash', () => {
  expect(DETECTOR_VERSION).toBeGreaterThan(0)
  expect(DETECTOR_HASH, `raise DETECTOR_VERSION and set DETECTOR_HASH to ${sourcesHash()}`).toBe(
    sourcesHash(),
  )
})
