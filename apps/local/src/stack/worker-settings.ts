import { type InstanceType, type Patience, readPatience } from '@workers-builds/contracts'
import type { LocalGitHubApp } from '@workers-builds/local-platform/git-host'
import type { StackSecrets } from './secrets.ts'
import type { WorkerName, WorkerSettings } from './worker-configs.ts'

/** The size of containers on one machine, the smallest that installs wrangler: it has other things to do. */
export const LOCAL_INSTANCE: InstanceType = 'standard-1'

/** Each Worker gets what it uses and nothing else: no key of another one. */
export function workerSettings({
  url,
  secrets,
  gitHost,
  gitHubApp,
  compute,
  vars = {},
  patience,
}: {
  url: string
  secrets: StackSecrets
  gitHost: { url: string; api_url: string }
  gitHubApp: LocalGitHubApp
  /** What runs builds. */
  compute: { kind: 'host'; url: string } | { kind: 'containers' }
  /** Given to every Worker. */
  vars?: Record<string, string> | undefined
  /** What differs from the defaults; build-management's own configuration unless given. */
  patience?: Partial<Patience> | undefined
}): Record<WorkerName, WorkerSettings> {
  const common = { ENVIRONMENT: 'local', GIT_TAG: 'local', ...vars }
  return {
    client: {
      vars: {
        ...common,
        PUBLIC_URL: url,
        TOP_GROUP_MIN_ACCOUNTS: '1',
        WEBHOOK_ADDRESSES: 'any',
      },
      secrets: {
        WEBHOOK_KEYRING: secrets.webhook_keyring,
        GITHUB_APP_WEBHOOK_SECRET: 'none',
      },
    },
    'build-management': {
      vars: {
        ...common,
        PUBLIC_URL: url,
        BUILD_COMPUTE: compute.kind,
        BUILD_INSTANCES: { free: LOCAL_INSTANCE, paid: LOCAL_INSTANCE },
        ...(compute.kind === 'host' && { COMPUTE_HOST_URL: compute.url }),
        GITHUB_GIT_BASE_URL: gitHost.url,
        GITHUB_API_URL: gitHost.api_url,
        GITHUB_APP_ID: gitHubApp.app_id,
        WEBHOOK_ADDRESSES: 'any',
        // Read here, so that a wrong one is refused before anything starts.
        ...(patience !== undefined && { PATIENCE: readPatience({ PATIENCE: patience }) }),
      },
      secrets: {
        BUILD_KEYRING: secrets.build_keyring,
        RUNNER_TOKEN_KEYS: secrets.runner_token_keys,
        COMPUTE_HOST_TOKEN: secrets.compute_host_token,
        GITHUB_TOKEN: secrets.github_token,
        GITHUB_APP_PRIVATE_KEY: gitHubApp.private_key,
        GITLAB_CLIENT_SECRET: 'none',
      },
    },
    'build-errors': { vars: common, secrets: {} },
  }
}
