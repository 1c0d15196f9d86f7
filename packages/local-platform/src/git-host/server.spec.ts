import { randomBytes } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHostedRepository } from '../testing/hosted-repository.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { createWorkTree } from '../testing/work-tree.ts'
import { git } from './git.ts'
import { startGitHost } from './server.ts'

const TOKEN = 'token-of-the-app'

async function setUp({ files = {} }: { files?: Record<string, string> } = {}) {
  const root = await temporaryFolder()
  const gitDir = await createHostedRepository(root)
  const workTree = await createWorkTree()
  const first = await workTree.commit('First', { 'index.js': 'export default 1\n' })
  const second = await workTree.commit('Second', {
    'index.js': 'export default 2\n',
    ...files,
  })
  await git(['fetch', '--quiet', workTree.folder, 'main:main'], { cwd: gitDir })
  const host = await startGitHost({ root, token: TOKEN })
  onTestFinished(() => host.close())
  const authority = (token: string) => host.url.replace('//', `//x-access-token:${token}@`)
  return { host, authority, first, second, folder: await temporaryFolder() }
}

describe('the Git host', () => {
  test('gives a clone to who has the token', async () => {
    const { authority, second, folder } = await setUp()
    await git(['clone', '--quiet', `${authority(TOKEN)}/demo/shop.git`, '.'], { cwd: folder })
    expect((await git(['rev-parse', 'HEAD'], { cwd: folder })).trim()).toBe(second)
  })

  test('gives a large clone without a warning of Node', async () => {
    const warnings: Error[] = []
    const note = (warning: Error) => void warnings.push(warning)
    process.on('warning', note)
    onTestFinished(() => void process.off('warning', note))
    const large = randomBytes(6 * 2 ** 20).toString('hex')
    const { authority, folder } = await setUp({ files: { 'large.txt': large } })
    await git(['clone', '--quiet', `${authority(TOKEN)}/demo/shop.git`, '.'], { cwd: folder })
    expect(warnings).toEqual([])
  })

  test('gives any commit by its hash, at depth 1', async () => {
    const { authority, first, folder } = await setUp()
    await git(['init', '--quiet'], { cwd: folder })
    await git(['fetch', '--quiet', '--depth=1', `${authority(TOKEN)}/demo/shop`, first], {
      cwd: folder,
    })
    expect(await git(['log', '--format=%H', 'FETCH_HEAD'], { cwd: folder })).toBe(`${first}\n`)
  })

  test('refuses a wrong token and none, as GitHub does', async () => {
    const { host, authority, folder } = await setUp()
    const clone = (url: string) => git(['clone', '--quiet', url, '.'], { cwd: folder })
    await expect(clone(`${authority('wrong')}/demo/shop.git`)).rejects.toThrow(
      'Authentication failed',
    )
    await expect(clone(`${host.url}/demo/shop.git`)).rejects.toThrow('could not read Username')
    const response = await fetch(`${host.url}/demo/shop.git/info/refs?service=git-upload-pack`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="GitHub"')
  })

  test('knows no other repository, and no file of one', async () => {
    const { authority, folder, host } = await setUp()
    await expect(
      git(['clone', '--quiet', `${authority(TOKEN)}/demo/shops.git`, '.'], { cwd: folder }),
    ).rejects.toThrow('not found')
    const headers = { authorization: `Basic ${btoa(`x-access-token:${TOKEN}`)}` }
    for (const path of ['config', 'HEAD', 'info/refs/../config', '../shop.git/config']) {
      const response = await fetch(`${host.url}/demo/shop.git/${path}`, { headers })
      expect(response.status, path).toBe(404)
    }
  })

  test('takes no push', async () => {
    const { authority } = await setUp()
    const workTree = await createWorkTree()
    await workTree.commit('Mine', { 'a.txt': 'a' })
    await expect(
      workTree.git('push', `${authority(TOKEN)}/demo/shop.git`, 'main:mine'),
    ).rejects.toThrow('403')
  })
})
