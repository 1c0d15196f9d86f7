import type { BuildSpec, ComputeBuild } from '@workers-builds/contracts'

/**
 * Where builds run. Nothing outside the implementation knows what a container is there. Every call
 * may be repeated: creating a build that is there, or stopping one that is gone, changes nothing.
 * A call throws when the compute cannot be reached or refuses.
 */
export interface BuildCompute {
  /** Starts the runner with this build. */
  createBuild(spec: BuildSpec): Promise<void>
  /** Ends a build with every process of it; resolves when none is left. */
  stopBuild(build_uuid: string): Promise<void>
  /** Whether the build's runner is alive. */
  getBuildState(build_uuid: string): Promise<ComputeBuild['state']>
  /** Resolves when the compute can be reached, and takes our token. */
  checkReachable(): Promise<void>
}
