import { readFileSync } from 'node:fs'
import { workerdProject } from '@workers-builds/test-kit/workerd-project'

export default workerdProject({
  name: 'client',
  configPath: 'wrangler.toml',
  bindings: {
    WEBHOOK_KEYRING: `test:${btoa('0123456789abcdef0123456789abcdef')}`,
    GITHUB_APP_WEBHOOK_SECRET: 'secret of the App',
  },
  workers: [
    {
      name: 'workers-builds-build-management',
      script: readFileSync(
        new URL('src/testing/fake-build-management.js', import.meta.url),
        'utf8',
      ),
    },
    {
      name: 'workers-builds-build-errors',
      script: `
        import { WorkerEntrypoint } from 'cloudflare:workers'
        export class BuildErrors extends WorkerEntrypoint { getDetectorVersion() { return 1 } }
        export default {}`,
    },
  ],
})
