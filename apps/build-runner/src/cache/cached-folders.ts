import { join } from 'node:path'
import type { CacheArchive } from '@workers-builds/contracts'
import type { PackageManager } from '@workers-builds/package-managers'
import { z } from 'zod'
import { MAX_MANIFEST_BYTES, readText } from '../files/read-file.ts'

/** What is kept of a build: the archive, and the folders in it. */
export interface CachedFolders {
  archive: CacheArchive
  folders: string[]
}

/** Where package managers keep what they downloaded, below HOME. */
export const DEPENDENCY_CACHES: Record<PackageManager, CachedFolders> = {
  npm: { archive: 'dependencies-npm', folders: ['.npm'] },
  pnpm: { archive: 'dependencies-pnpm', folders: ['.pnpm-store', '.local/share/pnpm/store'] },
  yarn: { archive: 'dependencies-yarn', folders: ['.cache/yarn'] },
  bun: { archive: 'dependencies-bun', folders: ['.bun/install/cache'] },
}

/** Where frameworks keep what they can use again, below the folder that is built. */
const OUTPUT_CACHES: (CachedFolders & { dependency: string })[] = [
  { dependency: 'astro', archive: 'output-astro', folders: ['node_modules/.astro'] },
  {
    dependency: '@docusaurus/core',
    archive: 'output-docusaurus',
    folders: ['node_modules/.cache', '.docusaurus', 'build'],
  },
  { dependency: '@11ty/eleventy', archive: 'output-eleventy', folders: ['.cache'] },
  { dependency: 'gatsby', archive: 'output-gatsby', folders: ['.cache', 'public'] },
  { dependency: 'next', archive: 'output-next', folders: ['.next/cache'] },
  { dependency: 'nuxt', archive: 'output-nuxt', folders: ['node_modules/.cache/nuxt'] },
  {
    dependency: '@sveltejs/kit',
    archive: 'output-sveltekit',
    folders: ['node_modules/.cache/imagetools'],
  },
]

const Dependencies = z.record(z.string(), z.unknown()).catch({})
const Manifest = z.object({ dependencies: Dependencies, devDependencies: Dependencies })

/** What to keep of the framework that the project in `folder` depends on; undefined for none. */
export async function outputCacheOf(folder: string): Promise<CachedFolders | undefined> {
  const text = await readText({ path: join(folder, 'package.json'), maxBytes: MAX_MANIFEST_BYTES })
  const names = dependenciesIn(text ?? '')
  return OUTPUT_CACHES.find(({ dependency }) => names.includes(dependency))
}

function dependenciesIn(manifest: string): string[] {
  try {
    const { dependencies, devDependencies } = Manifest.parse(
      JSON.parse(manifest.replace(/^\uFEFF/, '')),
    )
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)]
  } catch {
    return [] // no manifest, or one that the package manager complains of
  }
}

/** Has a package manager keep its downloads where they are cached. */
export function cacheEnvironment(options: {
  packageManager: PackageManager
  isYarnClassic: boolean
  home: string
}): Record<string, string> {
  const { packageManager, isYarnClassic, home } = options
  const folder = join(home, DEPENDENCY_CACHES[packageManager].folders[0] ?? '')
  switch (packageManager) {
    case 'npm':
      return { npm_config_cache: folder }
    case 'pnpm': // later ones read their own prefix only
      return { npm_config_store_dir: folder, pnpm_config_store_dir: folder }
    case 'yarn': // not the cache itself for a later Yarn: a project may have committed one
      return isYarnClassic ? { YARN_CACHE_FOLDER: folder } : { YARN_GLOBAL_FOLDER: folder }
    case 'bun':
      return { BUN_INSTALL_CACHE_DIR: folder }
  }
}
