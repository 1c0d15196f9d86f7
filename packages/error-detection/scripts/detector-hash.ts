/**
 * Identifies a detector by a hash over its built code. The code is minified, so that comments,
 * formatting, types and the names of variables do not count. The hash is the same on every machine:
 * no path and no setting from outside this file goes into it.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const SOURCES = fileURLToPath(new URL('../src', import.meta.url))

/** The hash of the detector whose sources are in the folder `sources`. */
export async function detectorHash(sources: string = SOURCES): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: sources,
    entryPoints: ['detector.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'esnext',
    charset: 'utf8',
    legalComments: 'none',
    tsconfigRaw: '{}',
    write: false,
    logLevel: 'silent',
  })
  const [code] = outputFiles
  if (!code) throw new Error('the detector could not be built')
  return createHash('sha256').update(code.contents).digest('hex').slice(0, 16)
}
