/** What a project's Wrangler configuration says of its Workers. Pure. */
import { type ParseError, parse as parseJsonc } from 'jsonc-parser'
import { parse as parseToml } from 'smol-toml'
import { z } from 'zod'

/** In the order in which Wrangler looks for them. */
export const CONFIG_FILES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml']

export type WorkerNames = {
  default_worker_name: string | null
  /** By environment; null when there is none. */
  env_worker_names: Record<string, string> | null
}

const WranglerConfig = z.object({
  name: z.string().optional().catch(undefined),
  env: z
    .record(z.string(), z.object({ name: z.string().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
})

/**
 * An environment's Worker is called `<name>-<environment>` where it has no name of its own. A file
 * that cannot be parsed names nothing: the build will say what is wrong with it.
 */
export function readWorkerNames(file: string, text: string): WorkerNames {
  const { name = null, env } = WranglerConfig.catch({}).parse(parseConfig(file, text))
  const named = Object.entries(env ?? {}).flatMap(([environment, own]) => {
    const worker = own.name ?? (name === null ? undefined : `${name}-${environment}`)
    return worker === undefined ? [] : [[environment, worker] as const]
  })
  return {
    default_worker_name: name,
    env_worker_names: named.length === 0 ? null : Object.fromEntries(named),
  }
}

function parseConfig(file: string, text: string): unknown {
  if (!file.endsWith('.toml')) {
    const errors: ParseError[] = []
    const parsed = parseJsonc(text, errors, { allowTrailingComma: true })
    return errors.length === 0 ? parsed : undefined
  }
  try {
    return parseToml(text)
  } catch {
    return undefined // no TOML: as a file that says nothing
  }
}
