import { BuildsError } from '@workers-builds/contracts'
import { buildManagement } from '../bindings.ts'

/** Throws `invalid_request` when builds cannot run in the image that a request asks for. */
export async function checkBuildImage(
  env: Pick<Env, 'BUILD_MANAGEMENT'>,
  { build_image }: { build_image?: string | null | undefined },
): Promise<void> {
  if (build_image === undefined || build_image === null) return
  const images = await buildManagement(env).listBuildImages()
  if (images?.includes(build_image)) return
  const known =
    images === null
      ? 'builds here run on a host, which has no images: leave it out'
      : `images are ${images.join(', ')}, the newest first; null asks for the newest`
  throw new BuildsError('invalid_request', `build_image is '${build_image}': ${known}`)
}
