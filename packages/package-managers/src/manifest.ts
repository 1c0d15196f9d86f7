/** The parts of package.json and pnpm-workspace.yaml that say how a project is installed. */
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'

const Globs = z.array(z.string())
const Manifest = z.object({
  packageManager: z.unknown().optional(),
  devEngines: z
    .object({ packageManager: z.unknown().optional(), runtime: z.unknown().optional() })
    .optional()
    .catch(undefined),
  workspaces: z
    .union([Globs, z.object({ packages: Globs })])
    .transform((value) => (Array.isArray(value) ? value : value.packages))
    .catch([]),
})
export type Manifest = z.infer<typeof Manifest>

const PnpmWorkspace = z.object({ packages: Globs })

const SAYS_NOTHING: Manifest = { workspaces: [] }

/** A manifest that makes no sense says nothing: the package manager describes best what is wrong. */
export function parseManifest(text: string): Manifest {
  try {
    return Manifest.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data ?? SAYS_NOTHING
  } catch {
    return SAYS_NOTHING // no JSON
  }
}

/** The globs of the folders that a pnpm workspace has. */
export function parsePnpmWorkspace(text: string): string[] {
  try {
    return PnpmWorkspace.safeParse(parseYaml(text)).data?.packages ?? []
  } catch {
    return [] // no YAML: pnpm says so when it is run
  }
}

const Runtime = z.object({ name: z.literal('node'), version: z.string() })

/** The version of Node that package.json asks for by `devEngines.runtime`: one object, or several. */
export function readDevEnginesRuntime(text: string): string | undefined {
  const runtimes = [parseManifest(text).devEngines?.runtime].flat()
  return runtimes.flatMap((runtime) => Runtime.safeParse(runtime).data?.version ?? [])[0]
}
