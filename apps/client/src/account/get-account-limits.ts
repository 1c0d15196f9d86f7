import { AccountLimits, BuildsError, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'

/** Build minutes a month, as Workers Builds includes them in its plans. */
const INCLUDED_MINUTES = { free: 3_000, paid: 6_000 }

export const getAccountLimits = operation(
  {
    method: 'get',
    path: '/account/limits',
    operationId: 'getAccountLimits',
    summary: 'Get the build minutes used this month',
    request: { params: AccountPath },
    responses: answers(AccountLimits),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const usage = await c.var.store.accounts.selectUsage(account_id)
    if (usage === undefined) throw new BuildsError('not_found', `Not found: account ${account_id}`)
    const { plan, build_minutes_used } = usage
    const build_minutes_included = INCLUDED_MINUTES[plan]
    const isFree = plan === 'free'
    const limits: AccountLimits = {
      has_reached_build_minutes_limit: isFree ? build_minutes_used >= build_minutes_included : null,
      build_minutes_refresh_on: isFree ? usage.refresh_on.toISOString() : null,
      plan,
      build_minutes_used: Math.round(build_minutes_used * 100) / 100,
      build_minutes_included,
    }
    return c.json(v4Success(limits), 200)
  },
)
