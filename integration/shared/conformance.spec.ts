/** Clients that were written for the real Workers Builds, run against this system. */
import { Validator } from '@seriousme/openapi-schema-validator'
import {
  Build,
  BuildLogs,
  BuildToken,
  CancelledBuild,
  ConfigAutofill,
  ConnectedRepo,
  TriggerDetails,
} from '@workers-builds/contracts'
import { createTemporaryFolder, type TemporaryFolder } from '@workers-builds/local-platform/folders'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openMcpClient } from '../support/builds-mcp-client.ts'
import { listBuildsCommands, openCf } from '../support/cf.ts'
import { useSharedStack } from './use-shared-stack.ts'

/** More than one page of a log. */
const LINES = 1_500

const stack = useSharedStack()
let commit: string
let build_uuid: string

beforeAll(async () => {
  const script = `for (let i = 0; i < ${LINES}; i++) console.log('line', i)\nprocess.exit(1)\n`
  const pushed = await stack.pushScripts(
    { build: 'node build.js' },
    { branch: 'main', files: { 'build.js': script } },
  )
  commit = pushed.commit
  build_uuid = pushed.build_uuid
  await stack.api.waitUntil(build_uuid, 'stopped')
})

describe('the cf command line', () => {
  let home: TemporaryFolder
  let cf: ReturnType<typeof openCf>
  beforeAll(async () => {
    home = await createTemporaryFolder('cf')
    cf = openCf(stack, { home: home.path })
  })
  afterAll(() => home.remove())

  test('follows a build', async () => {
    const builds = z
      .array(Build)
      .parse(await cf.run('builds workers builds-list', stack.script_tag, '--per-page', '5'))
    expect(builds[0]?.build_uuid).toBe(build_uuid)
    const build = Build.parse(await cf.run('builds jobs get-by-uuid', build_uuid))
    expect(build).toEqual(builds[0])
    expect(
      await cf.run('builds jobs latest-get', '--external-script-ids', stack.script_tag),
    ).toEqual({ builds: { [stack.script_tag]: build } })
    expect(
      await cf.run('builds jobs get-version-ids', '--version-ids', crypto.randomUUID()),
    ).toEqual({ builds: {} })
    const first = BuildLogs.parse(await cf.run('builds jobs logs-get', build_uuid))
    expect(first.truncated).toBe(true)
    const next = BuildLogs.parse(
      await cf.run('builds jobs logs-get', build_uuid, '--cursor', first.cursor ?? ''),
    )
    expect([...first.lines, ...next.lines].map(([, message]) => message)).toEqual(
      await stack.api.readLog(build_uuid),
    )
    expect(CancelledBuild.parse(await cf.run('builds jobs cancel-cancel', build_uuid))).toEqual({
      build_uuid,
      build_outcome: 'fail',
      stopped_on: build.stopped_on,
    })
  })

  test('sets a trigger up, builds by it, and takes it down', async () => {
    const token = BuildToken.parse(
      await cf.run(
        'builds tokens create',
        ...['--build-token-name', 'deploy', '--build-token-secret', 'sesame'],
        ...['--cloudflare-token-id', 'f'.repeat(32)],
      ),
    )
    expect(await cf.run('builds tokens list')).toContainEqual(token)
    const { repo_connection } = (await stack.api.getBuild(build_uuid)).trigger
    const { created_on, modified_on, deleted_on, repo_connection_uuid, ...repository } =
      repo_connection
    const flags = Object.entries(repository).flatMap(([name, value]) => [
      `--${name.replaceAll('_', '-')}`,
      value,
    ])
    // The same ids are the same connection.
    expect(
      ConnectedRepo.parse(await cf.run('builds repos connections-update', ...flags)),
    ).toMatchObject({ repo_connection_uuid, ...repository })

    const trigger = TriggerDetails.parse(
      await cf.run(
        'builds triggers create',
        ...['--external-script-id', stack.script_tag, '--trigger-name', 'previews'],
        ...['--repo-connection-uuid', repo_connection_uuid],
        ...['--build-token-uuid', token.build_token_uuid],
        ...['--build-command', '', '--deploy-command', 'true', '--root-directory', '/'],
        ...['--branch-includes', 'preview/*,next', '--branch-excludes', 'main'],
        ...['--path-includes', '*', '--path-excludes', ''],
      ),
    )
    expect(trigger).toMatchObject({
      branch_includes: ['preview/*', 'next'],
      path_excludes: [],
      build_command: '',
    })
    const { trigger_uuid } = trigger
    expect(await cf.run('builds workers triggers-list', stack.script_tag)).toContainEqual(trigger)
    const update = await cf.run('builds triggers update', trigger_uuid, '--trigger-name', 'renamed')
    expect(TriggerDetails.parse(update).trigger_name).toBe('renamed')

    const variables = { SECRET: { is_secret: true, value: 'sesame' } }
    const body = JSON.stringify(variables)
    const edit = 'builds triggers environment-variables-edit'
    const stored = await cf.run(edit, trigger_uuid, '--body', body)
    expect(stored).toEqual({
      SECRET: { is_secret: true, value: null, created_on: expect.any(String) },
    })
    const list = 'builds triggers environment-variables-list'
    expect(await cf.run(list, trigger_uuid)).toEqual(stored)
    const remove = 'builds triggers environment-variables-delete'
    expect(await cf.run(remove, trigger_uuid, 'SECRET')).toBeNull()
    expect(await cf.run('builds triggers purge-build-cache-purge', trigger_uuid)).toBeNull()

    const manual = Build.parse(
      await cf.run(
        'builds triggers builds-create',
        trigger_uuid,
        ...['--body', JSON.stringify({ branch: 'main' })],
      ),
    )
    expect(manual.build_trigger_metadata).toMatchObject({
      commit_hash: commit,
      build_trigger_source: 'manual',
    })
    expect(await stack.api.waitUntil(manual.build_uuid, 'stopped')).toMatchObject({
      build_outcome: 'success',
    })

    expect(await cf.run('builds triggers delete', trigger_uuid)).toBeNull()
    expect(await cf.run('builds tokens delete', token.build_token_uuid)).toBeNull()
    await expect(cf.run('builds triggers delete', trigger_uuid)).rejects.toThrow(
      `[12000] Not found: trigger ${trigger_uuid}`,
    )
  })

  test('sees how much is left of the month', async () => {
    expect(await cf.run('builds account limits-get')).toMatchObject({
      has_reached_build_minutes_limit: false,
    })
  })

  test('reads settings out of a repository', async () => {
    const { provider_type, provider_account_id, repo_id } = (await stack.api.getBuild(build_uuid))
      .trigger.repo_connection
    const autofill = await cf.run(
      'builds repos config-autofill-get',
      ...[provider_type, provider_account_id, repo_id, '--branch', 'main'],
    )
    expect(ConfigAutofill.parse(autofill).scripts).toEqual({ build: 'node build.js' })
  })

  test('disconnects a repository', async () => {
    const repository = {
      provider_type: 'gitlab',
      provider_account_id: '7',
      repo_id: '8',
      provider_account_name: 'group/subgroup',
      repo_name: 'project',
    }
    const body = JSON.stringify(repository)
    const { repo_connection_uuid } = ConnectedRepo.parse(
      await cf.run('builds repos connections-update', '--body', body),
    )
    expect(await cf.run('builds repos connections-delete', repo_connection_uuid)).toBeNull()
  })

  test('has no other command for builds', async () => {
    expect([...cf.used].toSorted()).toEqual((await listBuildsCommands()).toSorted())
  })
})

describe("Cloudflare's Builds MCP server", () => {
  test('finds the Worker, its builds, one of them, and the whole of its log', async () => {
    const mcp = openMcpClient(stack)
    const { result: scripts } = await mcp.listScripts()
    expect(scripts).toEqual([{ id: stack.script_name, tag: stack.script_tag }])
    expect((await mcp.getService(stack.script_name)).result?.id).toBe(stack.script_name)
    const list = await mcp.listBuilds(stack.script_tag, 1, 1)
    expect(list.result_info).toMatchObject({ page: 1, per_page: 1, count: 1 })
    const build = await mcp.getBuild(build_uuid)
    expect(build.result?.build_trigger_metadata.commit_hash).toBe(commit)
    const { lines, pages } = await mcp.getLogs(build_uuid)
    expect(lines).toEqual(await stack.api.readLog(build_uuid))
    expect(pages).toBe(2)
  })

  test('gets an envelope that says what is not there, and never loops', async () => {
    const mcp = openMcpClient(stack)
    const missing = await mcp.getBuild(crypto.randomUUID())
    expect(missing).toMatchObject({ status: 404, success: false, errors: [{ code: 12000 }] })
    expect(await mcp.getLogs(crypto.randomUUID())).toEqual({ lines: [], pages: 1 })
  })
})

test('the OpenAPI document is valid', async () => {
  const response = await fetch(`${stack.url}/client/v4/openapi.json`)
  const validator = new Validator()
  const document = (await response.json()) as Record<string, unknown>
  expect(await validator.validate(document)).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})
