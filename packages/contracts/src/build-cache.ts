/** What builds keep for later builds of the same trigger, and how the runner hands it over. */
import { z } from 'zod'

/**
 * Whose cache it is. Made by the control plane from the trigger and how often its cache was purged;
 * a build neither chooses nor changes it.
 */
export const CacheKey = z.string().regex(/^[\w.-]{1,128}$/)

/** The archives that a key can have. No others are kept. */
export const CacheArchive = z.enum([
  'dependencies-npm',
  'dependencies-pnpm',
  'dependencies-yarn',
  'dependencies-bun',
  'output-astro',
  'output-docusaurus',
  'output-eleventy',
  'output-gatsby',
  'output-next',
  'output-nuxt',
  'output-sveltekit',
])
export type CacheArchive = z.infer<typeof CacheArchive>

/** The file of an archive, in the runner's folder and in the host's. */
export function cacheFile(archive: CacheArchive): string {
  return `${archive}.tar.zst`
}

/** Most that is kept of one key; then what was read longest ago goes first. */
export const MAX_CACHE_BYTES = 10 * 1024 ** 3

/** The runner's exit code when the build succeeded, and its host may keep what it saved. */
export const EXIT_WITH_CACHE = 3
