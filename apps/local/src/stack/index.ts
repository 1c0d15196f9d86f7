export { buildImage } from '../containers/build-image.ts'
export {
  type ContainerEngine,
  hostAddress,
  listContainers,
  openEngine,
} from '../containers/engine.ts'
export { addProject } from './add-project.ts'
export { bundleWorkers, type WorkerBundles } from './bundle-workers.ts'
export { createProjectSecrets, openSecrets, type StackSecrets } from './secrets.ts'
export { DEMO_PROJECT, type DemoProject, seed } from './seed.ts'
export {
  type HostOptions,
  type Stack,
  type StackOptions,
  type StackParts,
  startStack,
} from './start-stack.ts'
export { writeWorkerConfigs } from './worker-configs.ts'
export { workerSettings } from './worker-settings.ts'
export { type RunningWorkers, startWorkers } from './workers.ts'
