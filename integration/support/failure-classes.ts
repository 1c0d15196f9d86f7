/**
 * The ways in which a build fails by itself, on the real parts; and cancelling it, at every stage: the
 * same wherever builds run. The tests run side by side, each with an account of its own. See also
 * lost-runners.spec.ts.
 */

import { waitFor } from '@workers-builds/local-platform/waiting'
import { describe, expect, test } from 'vitest'
import type { GatedStack } from './gated-stack.ts'
import type { Tenant } from './tenant.ts'

const FETCHING = 'Failed: error occurred while fetching repository'
const INSTALLING = 'Failed: error occurred while installing tools or dependencies'

export function describeFailures({
  stack,
  gates,
  site,
  createTenant,
  pushScripts,
  pushPrepared,
  countProcesses,
  untilGone,
  untilLogged,
  expectFailure,
}: GatedStack): void {
  describe.concurrent('the system', () => {
    test("times out a build that outlives its account's limit", async () => {
      const tenant = await createTenant()
      await stack.sql`
        update accounts set build_timeout_seconds = 8 where account_id = ${tenant.account_id}`
      await expectFailure(tenant, await pushScripts(tenant, { build: 'sleep 600' }), {
        build_outcome: 'terminated',
        failure_reason: 'timed_out',
        last_line: 'Build was timed out',
        error_code: 'build_timed_out',
      })
    })

    test('says that a build token was revoked, and runs nothing', async () => {
      const tenant = await createTenant()
      await stack.sql`
        update build_tokens set deleted_on = now() where account_id = ${tenant.account_id}`
      await expectFailure(tenant, await pushScripts(tenant, { build: 'echo never' }), {
        failure_reason: 'build_token_invalid',
        last_line: /^Failed: The build token selected for this build has been deleted or rolled/,
        error_code: 'build_token_invalid',
      })
    })

    test('skips builds of a deleted Worker, and runs or scans nothing of them', async () => {
      const tenant = await createTenant()
      const { account_id, api } = tenant
      // So that the second build still waits when the Worker is deleted.
      await stack.sql`
        update accounts set max_concurrent_builds = 1 where account_id = ${account_id}`
      const first = await pushScripts(tenant, { build: 'sleep 600' })
      const second = await pushScripts(tenant, { build: 'echo never' })
      await stack.sql`update workers set deleted_on = now() where account_id = ${account_id}`
      expect(await api.waitUntil(second, 'stopped')).toMatchObject({
        build_outcome: 'skipped',
        skip_reason: 'worker_deleted',
        initializing_on: null,
      })
      await api.cancel(first)
      expect((await api.getErrors(second)).scan).toBeNull()
    })
  })

  describe.concurrent('a clone fails', () => {
    test('when the repository is unknown', async () => {
      const tenant = await createTenant()
      gates.git.interfere(tenant.repo, ({ url = '' }) => ({
        path: url.replace(tenant.repo, 'no-such'),
      }))
      await expectFailure(tenant, await pushScripts(tenant, { build: 'true' }), {
        failure_reason: 'clone_failed',
        last_line: FETCHING,
        error_code: 'git_error',
      })
    })

    test('when the credential was revoked', async () => {
      const tenant = await createTenant()
      const authorization = `Basic ${btoa('x-access-token:revoked')}`
      gates.git.interfere(tenant.repo, ({ headers }) =>
        headers.authorization ? { authorization } : {},
      )
      await expectFailure(tenant, await pushScripts(tenant, { build: 'true' }), {
        failure_reason: 'clone_failed',
        last_line: FETCHING,
        error_code: 'git_error',
        cause: 'git_auth_failed',
      })
    })

    test('when the credential may not read it', async () => {
      const tenant = await createTenant()
      gates.git.interfere(tenant.repo, () => ({ answer: 403 }))
      await expectFailure(tenant, await pushScripts(tenant, { build: 'true' }), {
        failure_reason: 'clone_failed',
        last_line: FETCHING,
        error_code: 'git_error',
        cause: 'git_auth_failed',
      })
    })

    test('when the commit is gone', async () => {
      const tenant = await createTenant()
      // Pushed, and then replaced by a force-push while the build waited.
      const like = await pushScripts(tenant, { build: 'true', deploy: 'true' })
      const [row] = await stack.sql<{ build_uuid: string }[]>`
        insert into builds (account_id, script_tag, trigger_uuid, build_trigger_source, branch,
          commit_hash, commit_message, author, settings)
        select account_id, script_tag, trigger_uuid, 'manual', 'gone', ${'1'.repeat(40)}, 'gone',
          author, settings from builds where build_uuid = ${like}
        returning build_uuid`
      await expectFailure(tenant, row?.build_uuid ?? '', {
        failure_reason: 'clone_failed',
        last_line: FETCHING,
        error_code: 'git_error',
        cause: 'git_ref_not_found',
      })
    })
  })

  describe.concurrent('an install fails', () => {
    test('of a tool', async () => {
      const tenant = await createTenant()
      const packageManager = 'pnpm@10.99999.0'
      const build_uuid = await pushScripts(tenant, { build: 'true' }, { packageManager })
      await expectFailure(tenant, build_uuid, {
        failure_reason: 'install_failed',
        last_line: INSTALLING,
        error_code: 'build_error',
        cause: 'tool_version_not_found',
      })
    })

    test('of the dependencies', async () => {
      const tenant = await createTenant()
      const { build_uuid } = await tenant.push({
        'package.json': { name: 'project', dependencies: { 'is-number': '7.0.0' } },
        'package-lock.json': { name: 'project', lockfileVersion: 3, packages: {} },
      })
      await expectFailure(tenant, build_uuid, {
        failure_reason: 'install_failed',
        last_line: INSTALLING,
        error_code: 'npm_error',
        cause: 'lockfile_out_of_sync',
      })
    })
  })

  describe.concurrent('a command fails', () => {
    test.each([
      ['build', 'build_command_failed'],
      ['deploy', 'deploy_command_failed'],
    ] as const)('the %s command', async (kind, failure_reason) => {
      const tenant = await createTenant()
      const scripts = { build: 'true', deploy: 'true', [kind]: 'node ./missing.js' }
      await expectFailure(tenant, await pushScripts(tenant, scripts), {
        failure_reason,
        last_line: `Failed: error occurred while running ${kind} command`,
        error_code: 'node_error',
        cause: 'module_not_found',
      })
    })
  })

  describe.concurrent('a build is cancelled with all that it started', () => {
    const DAEMONS = '(env -i setsid sleep 600 &); setsid sleep 600 & echo up; sleep 600'
    const stages: Record<string, (tenant: Tenant) => Promise<string>> = {
      'while its container is asked for': async (tenant) => {
        const build_uuid = await pushPrepared(tenant, { build: 'echo never' }, (uuid) =>
          site.holdCreate(uuid),
        )
        await tenant.api.waitUntil(build_uuid, 'initializing')
        return build_uuid
      },
      'while it clones': async (tenant) => {
        gates.git.interfere(tenant.repo, ({ url = '' }) =>
          url.includes('git-upload-pack') ? 'hold' : undefined,
        )
        const build_uuid = await pushScripts(tenant, { build: 'echo never' })
        await untilLogged(tenant, build_uuid, 'Cloning repository...')
        return build_uuid
      },
      'while it installs': async (tenant) => {
        const build_uuid = await pushScripts(tenant, {}, { scripts: { preinstall: DAEMONS } })
        await untilLogged(tenant, build_uuid, 'Installing project dependencies: npm install')
        await waitFor('the install', async () => (await countProcesses(build_uuid)) > 5)
        return build_uuid
      },
      'while it builds': async (tenant) => {
        const build_uuid = await pushScripts(tenant, { build: DAEMONS })
        await untilLogged(tenant, build_uuid, 'up')
        return build_uuid
      },
      'while it deploys': async (tenant) => {
        const build_uuid = await pushScripts(tenant, { build: 'true', deploy: DAEMONS })
        await untilLogged(tenant, build_uuid, 'up')
        return build_uuid
      },
    }

    test.each(Object.entries(stages))('%s', async (_, reach) => {
      const tenant = await createTenant()
      const { api } = tenant
      const build_uuid = await reach(tenant)
      expect(await api.cancel(build_uuid)).toMatchObject({ build_outcome: 'cancelled' })
      expect((await api.readLog(build_uuid)).at(-1)).toBe('Build was cancelled')
      gates.git.open(tenant.repo)
      site.openCreate(build_uuid)
      await untilGone(build_uuid)
      expect(await api.getBuild(build_uuid)).toMatchObject({ build_outcome: 'cancelled' })
      expect((await api.getErrors(build_uuid)).scan).toBeNull()
    })
  })
}
