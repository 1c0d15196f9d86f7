/** What a deployment runs first: bundles the runner to where the image's Dockerfile takes it from. */
import { prepareRunner } from './containers/build-image.ts'

await prepareRunner()
