import { type BranchHead, CommitHash } from '@workers-builds/contracts'
import { openStore } from '@workers-builds/store'

const PATIENCE_MS = 10_000

/** The commit at the end of a branch, by what `git ls-remote` asks for; null when there is none. */
export async function resolveBranch(
  env: Pick<Env, 'HYPERDRIVE' | 'GITHUB_GIT_BASE_URL' | 'GITHUB_TOKEN'>,
  { repo_connection_uuid, branch }: { repo_connection_uuid: string; branch: string },
): Promise<BranchHead | null> {
  const store = openStore(env.HYPERDRIVE.connectionString, { max: 1 })
  const repository = await store.repoConnections
    .selectRepository(repo_connection_uuid)
    .finally(() => store.end())
  if (repository === undefined) return null
  const { provider_account_name, repo_name } = repository
  const remote = `${env.GITHUB_GIT_BASE_URL}/${provider_account_name}/${repo_name}.git`
  const response = await fetch(`${remote}/info/refs?service=git-upload-pack`, {
    headers: { authorization: `Basic ${btoa(`x-access-token:${env.GITHUB_TOKEN}`)}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  // One character a byte, as the lines' lengths count.
  const body = Buffer.from(await response.arrayBuffer()).toString('latin1')
  const ref = `refs/heads/${Buffer.from(branch).toString('latin1')}`
  if (!response.ok) throw new Error(`the Git provider answers ${response.status} for a repository`)
  for (const line of packetLines(body)) {
    const [hash, name] = line.split('\0', 1).join().trimEnd().split(' ')
    if (name !== ref) continue
    return { commit_hash: CommitHash.parse(hash), commit_message: '', author: '' }
  }
  return null
}

/** Git's framing: each line is preceded by its length, of four hex digits and itself. */
function* packetLines(text: string): Generator<string> {
  for (let at = 0; at + 4 <= text.length; ) {
    const length = Number.parseInt(text.slice(at, at + 4), 16)
    if (Number.isNaN(length)) return
    if (length > 4) yield text.slice(at + 4, at + length)
    at += Math.max(length, 4)
  }
}
