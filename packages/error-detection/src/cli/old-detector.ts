/**
 * The detector as it was at another revision of the repository.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { detect } from '../detector.ts'

const PACKAGE = 'packages/error-detection'

/** `detect` of `revision`, a commit, tag or branch that Git knows; `[Symbol.dispose]` forgets it. */
export async function detectorAt(revision: string) {
  const root = execFileSync('git', ['rev-parse', '--show-toplevel'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  }).trim()
  const folder = mkdtempSync(join(tmpdir(), 'old-detector-'))
  const archive = execFileSync(
    'git',
    ['archive', revision, `${PACKAGE}/src`, `${PACKAGE}/package.json`],
    {
      cwd: root,
      maxBuffer: 256 * 1_024 * 1_024,
    },
  )
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  const module: { detect: typeof detect } = await import(join(folder, PACKAGE, 'src/detector.ts'))
  return {
    detect: module.detect,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}
