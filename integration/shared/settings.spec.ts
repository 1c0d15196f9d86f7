import { basename, dirname, join } from 'node:path'
import { v4Envelope } from '@workers-builds/contracts'
import { prepareRepository, readWebhookSettings } from '@workers-builds/local-platform/git-host'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { randomHex } from '@workers-builds/store/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createProject } from '../support/git-project.ts'
import { useSharedStack } from './use-shared-stack.ts'

const stack = useSharedStack()

const Triggers = z.tuple([z.object({ trigger_uuid: z.string() })])
const StartedBuild = z.object({ build_uuid: z.string() })

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const base = `${stack.url}/client/v4/accounts/${stack.account_id}/builds`
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = v4Envelope(z.unknown()).parse(await response.json())
  expect(response.status, JSON.stringify(answer)).toBe(200)
  return answer.result
}

async function triggerPath(): Promise<string> {
  const triggers = await call('GET', `/workers/${stack.script_tag}/triggers`)
  return `/triggers/${Triggers.parse(triggers)[0].trigger_uuid}`
}

/** Changes the settings or the variables of the Worker's one trigger. */
async function patchTrigger(suffix: '' | '/environment_variables', body: object): Promise<void> {
  await call('PATCH', `${await triggerPath()}${suffix}`, body)
}

/** Builds a branch as it is now. */
async function startBuild(body: { branch: string }) {
  return StartedBuild.parse(await call('POST', `${await triggerPath()}/builds`, body))
}

test('a build that waited runs with the settings of its start alone, and shows them', async () => {
  const pair = (word: string, digits: number) => ({
    API_URL: { is_secret: false, value: `https://${word}.example` },
    API_KEY: { is_secret: true, value: randomHex(digits) },
  })
  const gone = { is_secret: true, value: randomHex(12) }
  await patchTrigger('/environment_variables', { ...pair('old', 8), GONE: gone })
  const branch = `b-${randomHex(8)}`
  const build =
    'echo "$API_URL ${#API_KEY} ${GONE-unset}"; [ "$API_URL" != https://old.example ] || sleep 300'
  const first = await stack.pushScripts({ build, deploy: 'true' }, { branch })
  await waitFor('the first build to print its variables', async () =>
    (await stack.api.readLog(first.build_uuid)).includes('https://old.example 8 ***'),
  )
  const { build_uuid } = await startBuild({ branch })
  await patchTrigger('/environment_variables', { ...pair('new', 20), GONE: null })
  await stack.api.cancel(first.build_uuid)

  const { build_trigger_metadata } = await stack.api.waitUntil(build_uuid, 'stopped')
  expect(await stack.api.readLog(build_uuid)).toContain('https://new.example 20 unset')
  const { environment_variables } = build_trigger_metadata
  expect(Object.keys(environment_variables).toSorted()).toEqual(['API_KEY', 'API_URL'])
  expect(environment_variables['API_URL']?.value).toBe('https://new.example')
})

test('a private submodule and the whole history are cloned where the trigger says so', async () => {
  const settings = await readWebhookSettings(stack.git_remote)
  const name = `lib-${randomHex(8)}`
  const gitDir = join(dirname(stack.git_remote), `${name}.git`)
  await prepareRepository({
    gitDir,
    settings: { ...settings, repository: { id: Number.parseInt(randomHex(6), 16), name } },
  })
  const library = await createProject({ files: { 'lib.txt': 'of the library\n' } })
  const commit = await library.push(gitDir)
  await library.remove()

  const owner = basename(dirname(stack.git_remote))
  const build = async () => {
    const project = await createProject({
      branch: `b-${randomHex(8)}`,
      files: {
        'package.json': {
          scripts: { build: 'cat lib/lib.txt; git rev-list --count HEAD', deploy: 'true' },
        },
        '.gitmodules': `[submodule "lib"]\n\tpath = lib\n\turl = ../${name}.git\n`,
      },
    })
    await project.addSubmodule('lib', commit)
    const head = await project.push(stack.git_remote)
    await project.remove()
    const { build_uuid } = await stack.api.findBuild(head)
    const { build_outcome } = await stack.api.waitUntil(build_uuid, 'stopped')
    return { build_outcome, log: await stack.api.readLog(build_uuid) }
  }
  const refused = await build()
  expect(refused.log.at(-1)).toBe('Failed: error occurred while updating repository submodules')
  await patchTrigger('', { clone_repositories: [`${owner}/${name}`], clone_depth: 0 })
  const { build_outcome, log } = await build()
  expect(log).toEqual(expect.arrayContaining(['of the library', '2']))
  expect(build_outcome).toBe('success')
})
