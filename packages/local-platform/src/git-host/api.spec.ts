import { openRepository } from '@workers-builds/git-providers'
import { expect, onTestFinished, test } from 'vitest'
import { createHostedRepository } from '../testing/hosted-repository.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { createWorkTree } from '../testing/work-tree.ts'
import { git } from './git.ts'
import { createGitHubApp } from './github-app.ts'
import { startGitHost } from './server.ts'

async function setUp() {
  const root = await temporaryFolder()
  const gitDir = await createHostedRepository(root)
  const workTree = await createWorkTree()
  const commit = await workTree.commit('First', { 'a.txt': 'a', 'apps/web/wrangler.toml': 'x' })
  await git(['fetch', '--quiet', workTree.folder, 'main:main'], { cwd: gitDir })
  const { public_key, ...app } = createGitHubApp()
  const host = await startGitHost({
    root,
    token: 'a token',
    app: { app_id: app.app_id, public_key },
    owner: 'demo',
  })
  onTestFinished(() => host.close())
  const repository = openRepository(
    {
      github: { api_url: host.api_url, git_url: host.url, app, token: null },
      gitlab: { url: 'https://gitlab.example' },
    },
    {
      provider_type: 'github',
      provider_account_name: 'demo',
      repo_id: '22',
      repo_name: 'shop',
      installation_id: null,
      given_installation_ids: ['1'],
    },
    { cache: new Map(), getGitLabToken: () => Promise.reject(new Error('GitLab')) },
  )
  return { root, repository, commit }
}

test('the Git host shows an App the branches, commits, files and folders', async () => {
  const { repository, commit } = await setUp()
  const head = { commit_hash: commit, commit_message: 'First', author: 'Ada' }
  expect(await repository.resolveBranch('main')).toEqual(head)
  expect(await repository.resolveCommit(commit.slice(0, 8))).toEqual(head)
  expect(await repository.readFile({ commit_hash: commit, path: 'a.txt' })).toBe('a')
  expect(await repository.listFiles({ commit_hash: commit, path: 'apps/web' })).toEqual([
    'wrangler.toml',
  ])
  await expect(repository.resolveBranch('gone')).rejects.toMatchObject({ code: 'not_found' })
  await expect(repository.resolveBranch('--all')).rejects.toMatchObject({ code: 'not_found' })
})

test('a clone works with the token that the App mints', async () => {
  const { repository, commit } = await setUp()
  const { clone_url, credentials } = await repository.getCloneAccess()
  const folder = await temporaryFolder()
  const url = clone_url.replace('//', `//${credentials?.username}:${credentials?.password}@`)
  await git(['clone', '--quiet', url, '.'], { cwd: folder })
  expect((await git(['rev-parse', 'HEAD'], { cwd: folder })).trim()).toBe(commit)
})

test('a private submodule is cloned with the token, where it was asked to cover it', async () => {
  const { root, repository } = await setUp()
  const gitDir = await createHostedRepository(root, { id: 23, name: 'lib' })
  const workTree = await createWorkTree()
  await workTree.commit('First', { 'lib.txt': 'of lib' })
  await git(['fetch', '--quiet', workTree.folder, 'main:main'], { cwd: gitDir })
  const cloneLib = async (access: Awaited<ReturnType<typeof repository.getCloneAccess>>) => {
    const { username, password } = access.credentials ?? {}
    const url = access.clone_url.replace('//', `//${username}:${password}@`)
    const folder = await temporaryFolder()
    await git(['clone', '--quiet', url.replace(/shop\.git$/, 'lib.git'), '.'], { cwd: folder })
    return await git(['show', 'HEAD:lib.txt'], { cwd: folder })
  }
  await expect(cloneLib(await repository.getCloneAccess())).rejects.toThrow('Authentication failed')
  const access = await repository.getCloneAccess({ further_repositories: ['demo/lib'] })
  expect(await cloneLib(access)).toBe('of lib')
  const gone = repository.getCloneAccess({ further_repositories: ['demo/gone'] })
  await expect(gone).rejects.toThrow('does not cover all of demo/gone')
})
