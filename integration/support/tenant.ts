import { addProject, createProjectSecrets, openSecrets } from '@workers-builds/local/stack'
import { randomHex } from '@workers-builds/store/testing'
import { type Address, openApi } from './api-client.ts'
import { createProject } from './git-project.ts'
import { TEST_PROJECT } from './test-project.ts'

/** The stack that a tenant is on. */
export interface TenantStack {
  url: string
  dir: string
  databaseUrl: string
  platform_token: string
}

/** An account of its own on a stack, with one Worker that is built from a repository of its own. */
export interface Tenant extends Address {
  script_name: string
  /** Name of its repository on the Git host. */
  repo: string
  /** The REST API as this account. */
  api: ReturnType<typeof openApi>
  /** Pushes these files as the one commit of a branch; returns the build. */
  push(files: Files, options?: { branch?: string }): Promise<{ build_uuid: string; commit: string }>
  /** Like `push`, with a `package.json` that has these scripts. */
  pushScripts(
    scripts: Record<string, string>,
    options?: { branch?: string; files?: Files; manifest?: object },
  ): Promise<{ build_uuid: string; commit: string }>
}

type Files = Record<string, string | object>

/** `commands` are what its builds run, in place of npm's scripts. */
export async function createTenant(
  { url, dir, databaseUrl, platform_token }: TenantStack,
  commands: { build_command?: string; deploy_command?: string } = {},
): Promise<Tenant> {
  const name = `worker-${randomHex(12)}`
  const secrets = { ...(await openSecrets({ dir })), ...createProjectSecrets() }
  const project = {
    ...TEST_PROJECT,
    ...commands,
    account_name: name,
    script_name: name,
    repo: name,
  }
  const git_remote = await addProject({ dir, databaseUrl, secrets, project })
  const { account_id, script_tag, token } = secrets
  const address = { url, account_id, script_tag, token, platform_token, git_remote }
  const api = openApi(address)

  async function push(files: Files, { branch = `b-${crypto.randomUUID()}` } = {}) {
    const local = await createProject({ branch, files })
    const commit = await local.push(git_remote)
    await local.remove()
    const { build_uuid } = await api.findBuild(commit)
    return { build_uuid, commit }
  }

  return {
    ...address,
    script_name: name,
    repo: name,
    api,
    push,
    pushScripts: (scripts, { files = {}, manifest = {}, ...options } = {}) =>
      push(
        { 'package.json': { name: 'project', private: true, scripts, ...manifest }, ...files },
        options,
      ),
  }
}
