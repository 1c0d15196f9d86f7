import { UnclassifiedBuildErrors, v4Success } from '@workers-builds/contracts'
import { clusterUnclassified } from '@workers-builds/error-detection'
import type { UnclassifiedCount } from '@workers-builds/store'
import { answers, operation } from '../api/operation.ts'
import { TimeRangeQuery } from './time-range.ts'

/** Enough to find what is common; the rest is rare. */
const MOST_COUNTS = 20_000

export const unclassifiedBuildErrors = operation(
  {
    method: 'get',
    path: '/build-errors/unclassified',
    operationId: 'listUnclassifiedBuildErrors',
    summary: 'List failures that no signature recognizes yet, in clusters of similar ones',
    request: { query: TimeRangeQuery },
    responses: answers(UnclassifiedBuildErrors),
  },
  async (c) => {
    const { from, to, limit } = c.req.valid('query')
    const counts = await c.var.store.buildErrors.selectUnclassified({
      from,
      to,
      limit: MOST_COUNTS,
    })
    const { clusters, hidden } = cluster(counts, Number(c.env.TOP_GROUP_MIN_ACCOUNTS))
    const result: UnclassifiedBuildErrors = {
      from: from.toISOString(),
      to: to.toISOString(),
      clusters: clusters.slice(0, limit),
      hidden,
    }
    return c.json(v4Success(result), 200)
  },
)

/** Clusters similar groups; what fewer than `minAccounts` accounts share is counted and not shown. */
function cluster(
  counts: UnclassifiedCount[],
  minAccounts: number,
): Pick<UnclassifiedBuildErrors, 'clusters' | 'hidden'> {
  const byGroup = Map.groupBy(counts, (count) => count.error_group)
  const accountsOf = (groups: string[]) =>
    new Set(groups.flatMap((group) => byGroup.get(group) ?? []).map((count) => count.account_id))
  const sizes = [...byGroup].map(([error_group, ofGroup]) => ({
    error_group,
    count: ofGroup.reduce((sum, { build_count }) => sum + build_count, 0),
  }))

  const clusters: UnclassifiedBuildErrors['clusters'] = []
  const hidden = { cluster_count: 0, build_count: 0 }
  for (const { template, count, groups, proposed_signature } of clusterUnclassified(sizes)) {
    const isShared = (names: string[]) => accountsOf(names).size >= minAccounts
    const names = groups.map((group) => group.error_group)
    if (isShared(names)) {
      clusters.push({
        template,
        build_count: count,
        account_count: accountsOf(names).size,
        groups: groups
          .filter((group) => isShared([group.error_group]))
          .map((group) => ({ error_group: group.error_group, build_count: group.count })),
        proposed_signature: {
          message: proposed_signature.message,
          examples: proposed_signature.examples.filter((example) => isShared([example])),
        },
      })
    } else {
      hidden.cluster_count++
      hidden.build_count += count
    }
  }
  return { clusters, hidden }
}
