import { workerdProject } from '@workers-builds/test-kit/workerd-project'

const key = btoa('0123456789abcdef0123456789abcdef')

export default workerdProject({
  name: 'build-management',
  configPath: 'apps/build-management/wrangler.toml',
  globalSetup: 'apps/build-management/src/testing/webhook-receiver.ts',
  bindings: {
    BUILD_KEYRING: `test:${key}`,
    RUNNER_TOKEN_KEYS: `test:${key}`,
    COMPUTE_HOST_TOKEN: 'compute host token',
    GITHUB_TOKEN: 'github-token',
    GITHUB_APP_PRIVATE_KEY: 'none',
    GITLAB_CLIENT_SECRET: 'gitlab client secret',
    WEBHOOK_ADDRESSES: 'any',
    // Each pass of Scheduler looks for what was kept long enough.
    PATIENCE: { retentionMs: 1 },
    BUILD_COMPUTE: 'host',
    // Nobody listens there: compute that is away is one of the things tested here, and compute
    // that works is tested in /integration.
    COMPUTE_HOST_URL: 'http://127.0.0.1:9',
  },
})
