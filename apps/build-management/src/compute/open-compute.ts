import type { Patience } from '@workers-builds/contracts'
import { z } from 'zod'
import type { BuildCompute } from './build-compute.ts'
import { BuildInstances } from './choose-machine.ts'
import { computeHost } from './compute-host.ts'
import { ContainerCompute, type ContainerExit } from './container-compute.ts'

/** The variable BUILD_COMPUTE: where builds run. */
const ComputeKind = z.enum(['containers', 'host'])

type ComputeEnv = Pick<
  Env,
  'BUILD_COMPUTE' | 'BUILD_INSTANCES' | 'COMPUTE_HOST_URL' | 'COMPUTE_HOST_TOKEN'
>

interface ComputeSettings {
  kind: z.infer<typeof ComputeKind>
  instances: BuildInstances
}

/** Throws what is wrong with BUILD_COMPUTE and BUILD_INSTANCES: variable, value, and what is right. */
export function readCompute(env: Pick<Env, 'BUILD_COMPUTE' | 'BUILD_INSTANCES'>): ComputeSettings {
  const read = <Schema extends z.ZodType>(name: string, value: unknown, schema: Schema) => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const what = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '))
    throw new Error(
      `The variable ${name} is wrong: it is ${JSON.stringify(value)}. ${what.join('. ')}`,
    )
  }
  return {
    kind: read('BUILD_COMPUTE', env.BUILD_COMPUTE, ComputeKind),
    instances: read('BUILD_INSTANCES', env.BUILD_INSTANCES, BuildInstances),
  }
}

/** The compute that `env` names, as the Durable Object of one build uses it. */
export function openCompute({
  container,
  env,
  patience,
  onExit,
}: {
  /** The container of this object; undefined where the platform has none for it. */
  container: Container | undefined
  env: ComputeEnv
  patience: Patience
  onExit: (exit: ContainerExit) => void
}): BuildCompute {
  const { kind, instances } = readCompute(env)
  if (kind === 'host') return computeHost(env, patience)
  if (container === undefined) {
    throw new Error('BUILD_COMPUTE is "containers", and wrangler runs this Worker without them')
  }
  return new ContainerCompute({ container, instances, patience, onExit })
}

/**
 * The patience with a kind of compute: a platform that has no container now has one when other builds
 * have ended, a host that does not answer within half a minute is away.
 */
export function computePatience(
  { kind }: Pick<ComputeSettings, 'kind'>,
  patience: Patience,
): Patience {
  return kind === 'host' ? patience : { ...patience, createMs: patience.noContainerMs }
}
