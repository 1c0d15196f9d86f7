import { workerdProject } from '../../integration/workerd-project.ts'

export default workerdProject({
  name: 'client',
  configPath: 'wrangler.toml',
  bindings: { WEBHOOK_KEYRING: `test:${btoa('0123456789abcdef0123456789abcdef')}` },
  workers: [
    {
      // Only so that the binding leads somewhere: what client and build-management do together is
      // tested on the real ones, in /integration.
      name: 'workers-builds-build-management',
      script: `
        import { WorkerEntrypoint } from 'cloudflare:workers'
        export class BuildManagement extends WorkerEntrypoint {
          wakeScheduler() {}
        }
        export default {}`,
    },
    {
      name: 'workers-builds-build-errors',
      script: `
        import { WorkerEntrypoint } from 'cloudflare:workers'
        export class BuildErrors extends WorkerEntrypoint {}
        export default {}`,
    },
  ],
})
