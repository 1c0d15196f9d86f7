/** Which account has which installation of the GitHub App: set by the operator, who knows both. */
import { AccountId, BuildsError, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'

const GitInstallation = z.object({
  account_id: AccountId,
  installation_id: z.string().regex(/^\d{1,20}$/, 'expected the number of an installation'),
})
const path = '/accounts/{account_id}/github-installations/{installation_id}'

export const giveGitInstallation = operation(
  {
    method: 'put',
    path,
    operationId: 'giveGitHubInstallation',
    summary: 'Let an account build from the repositories of an installation of the GitHub App',
    request: { params: GitInstallation },
    responses: answers(GitInstallation),
  },
  async (c) => {
    const installation = c.req.valid('param')
    if (!(await c.var.store.gitInstallations.give(installation))) {
      throw new BuildsError('not_found', `Not found: account ${installation.account_id}`)
    }
    return c.json(v4Success(installation), 200)
  },
)

export const takeGitInstallation = operation(
  {
    method: 'delete',
    path,
    operationId: 'takeGitHubInstallation',
    summary: 'Withdraw an installation of the GitHub App from an account',
    request: { params: GitInstallation },
    responses: answers(z.null()),
  },
  async (c) => {
    const { account_id, installation_id } = c.req.valid('param')
    if (!(await c.var.store.gitInstallations.take({ account_id, installation_id }))) {
      const message = `Not found: installation ${installation_id} of account ${account_id}`
      throw new BuildsError('not_found', message)
    }
    return c.json(v4Success(null), 200)
  },
)
