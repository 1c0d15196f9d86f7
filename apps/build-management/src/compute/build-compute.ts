import type { BuildSpec, ComputeBuild, InstanceType } from '@workers-builds/contracts'

/** What the machine of a build is chosen by. */
export interface MachineWishes {
  plan: 'free' | 'paid'
  /** The image that the trigger asks for; null to leave it to the account. */
  trigger_build_image: string | null
  /** The image that the account asks for; null for the newest. */
  account_build_image: string | null
}

/** A machine that a build is about to get. */
export interface Machine {
  /** The name of its image; null where builds have none. */
  image: string | null
  /** Its size, where builds have one of their own. */
  instance_type: InstanceType | null
  /** What the log says of it; null for nothing. */
  description: string | null
}

/** The machine that a build asks for cannot exist here: trying again does not help. */
export class NoSuchMachine extends Error {
  override readonly name = 'NoSuchMachine'
}

/**
 * Where builds run. Nothing outside the implementation knows what a container is there. Every call
 * may be repeated: creating a build that is there, or stopping one that is gone, changes nothing.
 * A call throws when the compute cannot be reached or refuses.
 */
export interface BuildCompute {
  /** The names of the images that a build may ask for, the newest first; null where it has none. */
  readonly images: string[] | null
  /** Throws NoSuchMachine when what is asked for is not to be had here. */
  chooseMachine(wishes: MachineWishes): Machine
  /** Starts the runner with this build. */
  createBuild(build: { spec: BuildSpec; machine: Machine }): Promise<void>
  /** Makes a `createBuild` that is under way fail now, since the build is over; it may be there or not. */
  abandonCreate(): void
  /** Ends a build with every process of it; resolves when none is left. */
  stopBuild(build_uuid: string): Promise<void>
  /** Whether the build's runner is alive. */
  getBuildState(build_uuid: string): Promise<ComputeBuild['state']>
}
