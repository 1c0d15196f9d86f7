import { workerdProject } from '@workers-builds/test-kit/workerd-project'

export default workerdProject({
  name: 'build-errors',
  configPath: 'apps/build-errors/wrangler.toml',
  globalSetup: 'apps/build-errors/src/testing/cut-line.ts',
  workers: [
    {
      // Tests pass their own log reader; reading real BuildBuddies is tested in /integration.
      name: 'workers-builds-build-management',
      script: `
        import { DurableObject } from 'cloudflare:workers'
        export class BuildBuddy extends DurableObject {}
        export default {}`,
      durableObjects: { BUILD_BUDDY: 'BuildBuddy' },
    },
  ],
})
