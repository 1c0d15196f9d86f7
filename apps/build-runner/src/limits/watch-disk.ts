import { DiskWatch } from '@workers-builds/build-limits'
import { startAsRoot } from '../commands/act-as-user.ts'
import type { ContainerLimits } from './container-limits.ts'

/** A disk is filled by some hundred MB a second at most. */
const CHECK_MS = 5_000

/** Where the user of a build may write, beside its home. */
const TEMPORARY = ['/tmp', '/var/tmp']

/**
 * Calls `onOver` each time the files of a build in a container are seen to take more than they may;
 * answers with what ends that. They are measured as root: a build may close its folders.
 */
export function watchDisk(
  { diskBytes }: ContainerLimits,
  { home, onOver }: { home: string; onOver: () => Promise<void> },
): () => void {
  const watch = new DiskWatch({
    maxBytes: diskBytes,
    intervalMs: CHECK_MS,
    warn: console.error,
    startProgram: startAsRoot,
  })
  return watch.add({ folders: [home, ...TEMPORARY], onOver })
}
