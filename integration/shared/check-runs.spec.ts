import { basename, dirname } from 'node:path'
import { deliverWebhook, readWebhookSettings } from '@workers-builds/local-platform/git-host'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useSharedStack } from './use-shared-stack.ts'

const stack = useSharedStack()

const CheckRuns = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      external_id: z.string(),
      status: z.string(),
      conclusion: z.string().optional(),
      output: z.object({
        title: z.string(),
        summary: z.string(),
        annotations: z.array(z.object({ path: z.string(), start_line: z.int() })),
      }),
    }),
  ),
})

/** The check runs of a commit, as a person sees them at GitHub. */
async function checkRuns(commit: string) {
  const repository = `${basename(dirname(stack.git_remote))}/${basename(stack.git_remote, '.git')}`
  const { api_url, token } = stack.git_host
  const response = await fetch(`${api_url}/repos/${repository}/commits/${commit}/check-runs`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return CheckRuns.parse(await response.json()).check_runs
}

/** The check run of a build, once it is completed. */
async function completed(commit: string, build_uuid: string) {
  return await waitFor('the check run to be completed', async () =>
    (await checkRuns(commit)).find(
      ({ external_id, status }) => external_id === build_uuid && status === 'completed',
    ),
  )
}

test('a check run says why a push failed, and builds it again when it is run again', async () => {
  const { build_uuid, commit } = await stack.pushScripts(
    { build: 'node build.js' },
    { files: { 'build.js': "require('./balance')\n" } },
  )
  const run = await completed(commit, build_uuid)
  expect(run).toMatchObject({
    name: `Workers Builds: ${stack.script_name}`,
    conclusion: 'failure',
  })
  const { errors } = await stack.api.getErrors(build_uuid)
  expect(run.output.title).toBe(errors[0]?.title)
  expect(run.output.summary).toContain("Cannot find module './balance'")
  expect(run.output.summary).toContain(errors[0]?.fix)
  expect(run.output.summary).toContain(`> ${errors[0]?.line_number}: ${errors[0]?.line_text}`)
  expect(run.output.summary).toContain('It names `build.js:1:1`.')
  expect(run.output.annotations).toEqual([{ path: 'build.js', start_line: 1 }])

  const settings = await readWebhookSettings(stack.git_remote)
  const delivery = await deliverWebhook({
    event: 'check_run',
    body: JSON.stringify({
      action: 'rerequested',
      check_run: { external_id: run.external_id, head_sha: commit },
      repository: { id: settings.repository.id },
    }),
    settings,
    findUrl: async () => stack.url,
  })
  const [again = ''] = 'build_uuids' in delivery ? delivery.build_uuids : []
  expect(again).not.toBe(build_uuid)
  expect(await stack.api.waitUntil(again, 'stopped')).toMatchObject({ build_outcome: 'fail' })
  expect(await completed(commit, again)).toMatchObject({
    conclusion: 'failure',
    output: { title: run.output.title },
  })
  expect(await checkRuns(commit)).toHaveLength(2)
})
