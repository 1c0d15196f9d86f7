/** A repository as a stand-in for a provider shows it; what it holds may be real git or in memory. */
export type HostedCommit = { commit_hash: string; commit_message: string; author: string }

export type HostedRepository = {
  id: number
  owner: string
  name: string
  branch(name: string): Promise<HostedCommit | undefined>
  commit(commit_hash: string): Promise<HostedCommit | undefined>
  /** Undefined when there is no such file. */
  file(commit_hash: string, path: string): Promise<string | undefined>
  /** Undefined when there is no such folder. */
  folder(
    commit_hash: string,
    path: string,
  ): Promise<{ name: string; isFile: boolean }[] | undefined>
}

/** A repository of one commit, on `main`, with these files. */
export function repositoryInMemory({
  id,
  owner = 'owner',
  name = 'repo',
  files = {},
  branches = {},
}: {
  id: number
  owner?: string
  name?: string
  files?: Record<string, string>
  /** Further branches, and where they point. */
  branches?: Record<string, string>
}): HostedRepository & { head: string } {
  const head = crypto.randomUUID().replaceAll('-', '').padEnd(40, '0')
  const hashes: Record<string, string> = { main: head, ...branches }
  const describe = (commit_hash: string | undefined) =>
    commit_hash === undefined || !Object.values(hashes).includes(commit_hash)
      ? undefined
      : { commit_hash, commit_message: `Commit ${commit_hash.slice(0, 7)}`, author: 'Ada' }
  return {
    id,
    owner,
    name,
    head,
    branch: async (branch) => describe(hashes[branch]),
    commit: async (hash) => describe(Object.values(hashes).find((known) => known.startsWith(hash))),
    file: async (_, path) => files[path],
    async folder(_, path) {
      const prefix = path === '' ? '' : `${path}/`
      const below = Object.keys(files).filter((file) => file.startsWith(prefix))
      if (below.length === 0) return undefined
      const parts = below.map((file) => file.slice(prefix.length).split('/'))
      return [...new Set(parts.map(([first = '']) => first))].map((entry) => ({
        name: entry,
        isFile: parts.some((part) => part.length === 1 && part[0] === entry),
      }))
    },
  }
}
