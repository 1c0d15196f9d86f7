import { BuildsError } from '@workers-builds/contracts'
import type { Store } from '@workers-builds/store'

/**
 * Makes sure that a trigger's token and repository are the account's own, and stay so until the
 * transaction ends.
 */
export async function lockReferences(
  tx: Pick<Store, 'buildTokens' | 'repoConnections'>,
  {
    account_id,
    build_token_uuid,
    repo_connection_uuid,
  }: {
    account_id: string
    build_token_uuid?: string | undefined
    repo_connection_uuid?: string | undefined
  },
): Promise<void> {
  if (
    build_token_uuid !== undefined &&
    !(await tx.buildTokens.lock({ account_id, build_token_uuid }))
  ) {
    throw new BuildsError(
      'not_found',
      `Not found: build token ${build_token_uuid}; create one, or pass one that GET …/builds/tokens lists`,
    )
  }
  if (
    repo_connection_uuid !== undefined &&
    !(await tx.repoConnections.lock({ account_id, repo_connection_uuid }))
  ) {
    throw new BuildsError(
      'not_found',
      `Not found: repository connection ${repo_connection_uuid}; connect the repository with PUT …/builds/repos/connections`,
    )
  }
}
