import type { Reader } from '@workers-builds/package-managers'
import type { GitRepository } from '../git-provider.ts'

export interface RepositoryReader extends Reader {
  /** Names of the files directly in a folder; undefined when there is no such folder. */
  filesIn(folder: string): Promise<string[] | undefined>
}

/** Reads a repository as it is at one commit. Nothing is requested twice, nor what is not listed. */
export function repositoryReader(repository: GitRepository, commit_hash: string): RepositoryReader {
  const folders = new Map<string, Promise<string[] | undefined>>()
  const files = new Map<string, Promise<string | undefined>>()

  function filesIn(path: string): Promise<string[] | undefined> {
    return remember(folders, path, () => repository.listFiles({ commit_hash, path }))
  }

  async function exists(path: string): Promise<boolean> {
    const slash = path.lastIndexOf('/')
    const names = await filesIn(path.slice(0, Math.max(0, slash)))
    return names?.includes(path.slice(slash + 1)) ?? false
  }

  async function read(path: string): Promise<string | undefined> {
    if (!(await exists(path))) return undefined
    return await remember(files, path, () => repository.readFile({ commit_hash, path }))
  }

  return { filesIn, exists, read }
}

function remember<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
