import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { writeJsonFile } from '../state/json-file.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { startWebhookReceiver } from '../testing/webhook-receiver.ts'
import { createWorkTree } from '../testing/work-tree.ts'
import { git } from './git.ts'
import { prepareRepository } from './repository.ts'
import { type WebhookSettings, webhookSettingsFile } from './webhook-settings.ts'

const NOTHING = '0'.repeat(40)
const HOST = 'http://git.example'

async function setUp(options: { statuses?: number[] } = {}) {
  const dir = await temporaryFolder()
  const gitDir = join(dir, 'demo', 'shop.git')
  const receiver = await startWebhookReceiver(options)
  const settings: WebhookSettings = {
    webhook_secret: 'secret of the webhook',
    repo_connection_uuid: crypto.randomUUID(),
    account_id: 'a'.repeat(32),
    address_file: join(dir, 'stack.json'),
    hook_id: 7,
    owner: { id: 11, login: 'demo' },
    repository: { id: 22, name: 'shop' },
  }
  const address = { url: receiver.url, git_host_url: HOST }
  await writeJsonFile(settings.address_file, address)
  await prepareRepository({ gitDir, settings })
  const workTree = await createWorkTree()
  const push = (...refs: string[]) => workTree.git('push', '--quiet', gitDir, ...refs)
  return { gitDir, settings, address, workTree, push, receiver, events: receiver.received }
}

describe('a push', () => {
  test('is delivered with the signature and the headers of GitHub', async () => {
    const { settings, workTree, push, events } = await setUp()
    await workTree.commit('First', { 'index.js': '1' })
    await push('main')

    expect(events).toHaveLength(1)
    const [webhook] = events
    expect(webhook?.path).toBe(`/webhooks/github/${settings.repo_connection_uuid}`)
    const hmac = createHmac('sha256', settings.webhook_secret).update(webhook?.body ?? '')
    expect(webhook?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
      'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-github-event': 'push',
      'x-github-hook-id': '7',
      'x-hub-signature-256': `sha256=${hmac.digest('hex')}`,
    })
  })

  test('is delivered with its commits, oldest first, and what each changed', async () => {
    const { workTree, push, events } = await setUp()
    const first = await workTree.commit('First', { 'index.js': '1', 'lib/ä "b".js': '1' })
    await push('main')
    const second = await workTree.commit('Second\n\nWith a body.', { 'index.js': '2' })
    const third = await workTree.commit('Third', { 'lib/ä "b".js': null, 'c.js': '3' })
    await push('main')

    const ada = { name: 'Ada', email: 'ada@example.com' }
    expect(events[0]?.event).toMatchObject({
      ref: 'refs/heads/main',
      before: NOTHING,
      after: first,
      created: true,
      deleted: false,
      forced: false,
      commits: [{ id: first, added: ['index.js', 'lib/ä "b".js'], removed: [], modified: [] }],
    })
    expect(events[1]?.event).toMatchObject({
      ref: 'refs/heads/main',
      before: first,
      after: third,
      created: false,
      deleted: false,
      forced: false,
      base_ref: null,
      compare: `${HOST}/demo/shop/compare/${first.slice(0, 12)}...${third.slice(0, 12)}`,
      commits: [
        { id: second, message: 'Second\n\nWith a body.', modified: ['index.js'], author: ada },
        { id: third, message: 'Third', added: ['c.js'], removed: ['lib/ä "b".js'], modified: [] },
      ],
      head_commit: { id: third, url: `${HOST}/demo/shop/commit/${third}`, committer: ada },
      repository: {
        id: 22,
        name: 'shop',
        full_name: 'demo/shop',
        private: true,
        owner: { id: 11, login: 'demo' },
        clone_url: `${HOST}/demo/shop.git`,
        default_branch: 'main',
        pushed_at: expect.any(Number),
      },
      pusher: { name: 'demo' },
      sender: { login: 'demo' },
    })
  })

  test('of a branch lists only what no other branch has', async () => {
    const { workTree, push, events } = await setUp()
    await workTree.commit('First', { 'index.js': '1' })
    await push('main')
    await workTree.git('checkout', '--quiet', '-b', 'feature/x')
    const second = await workTree.commit('Second', { 'index.js': '2' })
    await push('feature/x')
    expect(events[1]?.event.ref).toBe('refs/heads/feature/x')
    expect(events[1]?.event.commits.map(({ id }) => id)).toEqual([second])
  })

  test('that rewrites a branch is reported as forced', async () => {
    const { workTree, push, events } = await setUp()
    await workTree.commit('First', { 'index.js': '1' })
    await push('main')
    await workTree.git('commit', '--quiet', '--amend', '--message', 'First, again')
    await push('--force', 'main')
    expect(events[1]?.event).toMatchObject({ forced: true, created: false })
    expect(events[1]?.event.commits).toHaveLength(1)
  })

  test('of tags and a deletion is reported ref by ref', async () => {
    const { workTree, push, events } = await setUp()
    const first = await workTree.commit('First', { 'index.js': '1' })
    await workTree.git('tag', '--annotate', 'v1', '--message', 'One')
    await push('main', 'v1', 'main:refs/heads/other', 'main:refs/notes/ignored')
    await push('--delete', 'other')
    const pushed = events.slice(0, 3).map(({ event }) => event)
    expect(pushed.map(({ ref }) => ref).sort()).toEqual([
      'refs/heads/main',
      'refs/heads/other',
      'refs/tags/v1',
    ])
    for (const event of pushed) {
      expect(event.head_commit?.id).toBe(first)
      expect(event.commits.map(({ id }) => id)).toEqual([first])
    }
    expect(events.slice(3).map(({ event }) => event)).toMatchObject([
      { ref: 'refs/heads/other', before: first, after: NOTHING, deleted: true, commits: [] },
    ])
    expect(events[3]?.event.head_commit).toBeNull()
  })

  test('is delivered again, under the same id, to a server that is starting', async () => {
    const { workTree, push, receiver, events } = await setUp({ statuses: [503, 502] })
    await workTree.commit('First', { 'index.js': '1' })
    await push('main')
    expect(receiver.builds).toHaveLength(1)
    expect(new Set(events.map(({ headers }) => headers['x-github-delivery'])).size).toBe(1)
  })

  test('succeeds and prints the outcome to the pusher, whatever it is', async () => {
    const { gitDir, workTree, receiver, settings } = await setUp({ statuses: [200, 401] })
    const push = async () => {
      const { stderr } = await promisify(execFile)('git', ['push', gitDir, 'main'], {
        cwd: workTree.folder,
      })
      return stderr
    }
    await workTree.commit('First', { 'index.js': '1' })
    const printed = await push()
    expect(receiver.builds).toHaveLength(1)
    expect(printed).toContain(
      `remote: Workers Builds: main is built: ${receiver.url}/${settings.account_id}/builds/${receiver.builds[0]}`,
    )
    await workTree.commit('Second', { 'index.js': '2' })
    expect(await push()).toContain(
      'remote: Workers Builds: no build of main: webhook answered with 401',
    )
  })

  test('runs our hook even when the pusher has hooks of their own', async () => {
    const { gitDir, workTree, events } = await setUp()
    await workTree.commit('First', { 'index.js': '1' })
    const config = join(await temporaryFolder(), 'gitconfig')
    await workTree.git('config', '--file', config, 'core.hooksPath', '/nowhere')
    const env = { GIT_CONFIG_GLOBAL: config }
    await git(['push', '--quiet', gitDir, 'main'], { cwd: workTree.folder, env })
    expect(events).toHaveLength(1)
  })

  test('leaves the secret to its owner', async () => {
    const { gitDir } = await setUp()
    expect((await stat(webhookSettingsFile(gitDir))).mode & 0o077).toBe(0)
  })
})
