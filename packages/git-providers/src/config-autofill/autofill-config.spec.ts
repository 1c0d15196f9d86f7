import { readProject } from '@workers-builds/package-managers'
import { CASES } from '@workers-builds/package-managers/testing'
import { describe, expect, test } from 'vitest'
import { openRepository } from '../index.ts'
import { fakeGitHub, repositoryInMemory } from '../testing/index.ts'
import { autofillConfig } from './autofill-config.ts'
import { repositoryReader } from './repository-reader.ts'

async function autofill(files: Record<string, string>, root_directory = '/') {
  return await autofillConfig(open(files), { branch: 'main', root_directory })
}

function open(files: Record<string, string>) {
  const hosted = repositoryInMemory({ id: 9, files })
  const github = fakeGitHub({ tokens: ['t'], findRepository: async () => hosted })
  return openRepository(
    {
      github: { api_url: 'https://a.example', git_url: 'https://g.example', app: null, token: 't' },
      gitlab: { url: 'https://gitlab.example' },
    },
    {
      provider_type: 'github',
      provider_account_name: 'owner',
      repo_id: '9',
      repo_name: 'repo',
      installation_id: null,
      given_installation_ids: [],
    },
    { fetch: github.fetch, getGitLabToken: () => Promise.reject(new Error('GitLab')) },
  )
}

const nothing = {
  config_file: null,
  default_worker_name: null,
  env_worker_names: null,
  package_manager: 'npm',
  scripts: null,
}

describe('the Wrangler configuration', () => {
  const names = { default_worker_name: 'shop', env_worker_names: { dev: 'shop-dev', prod: 'p' } }

  test.each([
    ['wrangler.toml', 'name = "shop"\n[env.dev]\nvars = { A = "b" }\n[env.prod]\nname = "p"\n'],
    ['wrangler.json', '{"name":"shop","env":{"dev":{},"prod":{"name":"p"}}}'],
    [
      'wrangler.jsonc',
      '{\n// The shop\n"name": "shop", "env": {"dev": {}, "prod": {"name": "p"},},}',
    ],
  ])('%s names the Workers', async (config_file, text) => {
    expect(await autofill({ [config_file]: text })).toEqual({ ...nothing, ...names, config_file })
  })

  test('is looked for in the order that Wrangler has', async () => {
    const files = { 'wrangler.toml': 'name = "a"', 'wrangler.jsonc': '{"name":"b"}' }
    expect(await autofill(files)).toMatchObject({
      config_file: 'wrangler.jsonc',
      default_worker_name: 'b',
      env_worker_names: null,
    })
  })

  test.each([
    ['wrangler.toml', 'name = '],
    ['wrangler.json', '{"name":'],
    ['wrangler.json', '[1]'],
    ['wrangler.json', '{"name":7,"env":[]}'],
    ['wrangler.jsonc', ''],
  ])('%s with %j names nothing', async (config_file, text) => {
    expect(await autofill({ [config_file]: text })).toEqual({ ...nothing, config_file })
  })
})

test.each([
  [{ 'package.json': '{}', 'package-lock.json': '' }, 'npm'],
  [{ 'package.json': '{}', 'yarn.lock': '' }, 'yarn'],
  [{ 'package.json': '{}', 'pnpm-lock.yaml': '', 'package-lock.json': '' }, 'pnpm'],
  [{ 'package.json': '{}', 'bun.lock': '' }, 'bun'],
  [{ 'package.json': '{}', 'bun.lockb': '' }, 'bun'],
  [{ 'package.json': '{"packageManager":"yarn@4.9.1"}', 'package-lock.json': '' }, 'yarn'],
  [{ 'package.json': '{"packageManager":"other@1"}', 'bun.lock': '' }, 'bun'],
  [{ 'pyproject.toml': '', 'uv.lock': '' }, 'uv'],
  [{ 'package.json': '{}', 'pyproject.toml': '' }, 'npm'],
  [{ 'README.md': '' }, 'npm'],
])('%j is installed with %s', async (files, package_manager) => {
  expect(await autofill(files)).toMatchObject({ package_manager })
})

describe('the package manager, by files at the provider', () => {
  test.each(CASES)('$name', async ({ files, folder, expected }) => {
    const texts = Object.entries(files).map(([path, content]) => {
      return [path, typeof content === 'string' ? content : JSON.stringify(content)]
    })
    const repository = open(Object.fromEntries(texts))
    const { commit_hash } = await repository.resolveBranch('main')
    const project = await readProject(repositoryReader(repository, commit_hash), folder)
    if (expected === undefined) expect(project).toBeUndefined()
    else expect(project).toMatchObject(expected)
    const options = { branch: 'main', root_directory: folder }
    expect(await autofillConfig(repository, options)).toMatchObject({
      package_manager: expected?.packageManager ?? 'npm',
    })
  })
})

describe('a project within a repository', () => {
  const files = {
    'package.json': '{"packageManager":"pnpm@10.0.0","scripts":{"all":"turbo"}}',
    'pnpm-lock.yaml': '',
    'apps/web/package.json': '{"scripts":{"build":"vite build","odd":7}}',
    'apps/web/wrangler.jsonc': '{"name":"web"}',
  }

  test.each(['apps/web', '/apps/web/', './apps/web'])('is read at %s', async (root_directory) => {
    expect(await autofill(files, root_directory)).toEqual({
      config_file: 'wrangler.jsonc',
      default_worker_name: 'web',
      env_worker_names: null,
      package_manager: 'pnpm',
      scripts: { build: 'vite build' },
    })
  })

  test('that is not there is not found', async () => {
    await expect(autofill(files, 'apps/api')).rejects.toMatchObject({ code: 'not_found' })
  })
})
