/** What is kept of requests whose address is a secret. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DeployHook, LiveLogTicket } from '@workers-builds/contracts'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { useSharedStack } from './use-shared-stack.ts'

const stack = useSharedStack()
const Answer = z.object({ result: z.unknown() })

/** All that the stack wrote to files that people read. */
async function readLogs(): Promise<string> {
  const folders = ['logs', 'wrangler'].map((name) => join(stack.dir, name))
  const texts = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile())
      return await Promise.all(
        files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
      )
    }),
  )
  return texts.flat().join('\n')
}

test("no log file holds a deploy hook's or a ticket's address", async () => {
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(new URL(path, stack.url), {
      method,
      headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, ...Answer.parse(await response.json()) }
  }
  const builds = `/client/v4/accounts/${stack.account_id}/builds`
  const hooks = `${builds}/workers/${stack.script_name}/deploy_hooks`
  const made = await call('POST', hooks, { deploy_hook_name: 'logged', branch: 'nowhere' })
  const { deploy_hook_uuid } = DeployHook.parse(made.result)
  const address = `/client/v4/workers/builds/deploy_hooks/${deploy_hook_uuid}`
  // It is refused: a failure is logged with more than a success.
  expect((await call('POST', `${address}?from=a-system`)).status).toBe(404)
  expect((await call('GET', `${hooks}/${deploy_hook_uuid}`)).status).toBe(200)

  const { build_uuid } = await stack.pushScripts({ build: 'true' })
  const { result } = await call('POST', `${builds}/builds/${build_uuid}/logs/ticket`)
  const { ticket, url } = LiveLogTicket.parse(result)
  const live = new URL(url)
  expect((await call('GET', `${live.pathname}${live.search}`)).status).toBe(426)
  expect((await call('GET', `${live.pathname}${live.search}x`)).status).toBe(426)
  await stack.api.waitUntil(build_uuid, 'stopped')

  // The last of these requests is in the log.
  await vi.waitFor(async () => expect(await readLogs()).toMatch(/GET \S+\/logs\/live/), 60_000)
  const logs = await readLogs()
  expect(logs).toContain('POST /client/v4/workers/builds/deploy_hooks/***')
  expect(logs).not.toContain(deploy_hook_uuid)
  expect(logs).not.toContain(ticket)
  await call('DELETE', `${hooks}/${deploy_hook_uuid}`)
})
