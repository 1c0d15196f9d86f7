/** Which image and which size of container a build gets. Pure. */
import { InstanceType } from '@workers-builds/contracts'
import { z } from 'zod'
import { type Machine, type MachineWishes, NoSuchMachine } from './build-compute.ts'

/** The variable BUILD_INSTANCES: the size of a build's container by the plan of its account. */
export const BuildInstances = z.object({ free: InstanceType, paid: InstanceType })
export type BuildInstances = z.infer<typeof BuildInstances>

/** Names of images from the newest to the oldest: `v10` is newer than `v9`. */
export function newestFirst(images: string[]): string[] {
  return images.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

/** Throws NoSuchMachine when the image that is asked for is not one of `images`. */
export function chooseMachine(
  { plan, trigger_build_image, account_build_image }: MachineWishes,
  { images, instances }: { images: string[]; instances: BuildInstances },
): Machine & { image: string; instance_type: InstanceType } {
  const known = newestFirst(images)
  const [newest] = known
  const asker = trigger_build_image === null ? 'account' : 'trigger'
  const asked = trigger_build_image ?? account_build_image
  if (newest === undefined) throw new NoSuchMachine('There is no build image here.')
  if (asked !== null && !known.includes(asked)) {
    throw new NoSuchMachine(
      `There is no build image '${asked}' here, which the ${asker} asks for; there is ${known.join(', ')}. Change build_image of the ${asker}, or set it to null for the newest.`,
    )
  }
  const instance_type = instances[plan]
  const why = asked === null ? 'the newest' : `build_image of the ${asker}`
  const image = asked ?? newest
  return { image, instance_type, description: `Build image ${image} (${why}), ${instance_type}` }
}
