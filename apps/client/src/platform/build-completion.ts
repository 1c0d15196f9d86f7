import { BuildCompletion, CompletionInterval, v4Success } from '@workers-builds/contracts'
import type { CompletionRow } from '@workers-builds/store'
import { answers, operation } from '../api/operation.ts'
import { isInOrder, OUT_OF_ORDER, Range, rangeOf } from './time-range.ts'

const CompletionQuery = Range.extend({ interval: CompletionInterval.default('day') })
  .transform(rangeOf)
  .refine(isInOrder, OUT_OF_ORDER)

export const getBuildCompletion = operation(
  {
    method: 'get',
    path: '/builds/completion',
    operationId: 'getBuildCompletion',
    summary:
      'Count the started builds that were seen through to the end, and the reasons why others were not',
    request: { query: CompletionQuery },
    responses: answers(BuildCompletion),
  },
  async (c) => {
    const { from, to, interval } = c.req.valid('query')
    const rows = await c.var.store.builds.selectCompletion({ from, to, interval })
    const periods = Map.groupBy(rows, ({ period }) => period.toISOString())
    return c.json(
      v4Success({
        from: from.toISOString(),
        to: to.toISOString(),
        interval,
        ...summarize(rows),
        periods: [...periods].map(([period, ofPeriod]) => ({ period, ...summarize(ofPeriod) })),
      }),
      200,
    )
  },
)

function summarize(rows: CompletionRow[]) {
  const incomplete_by_reason: Record<string, number> = {}
  let [started, complete] = [0, 0]
  for (const { is_complete, reason, build_count } of rows) {
    started += build_count
    if (is_complete) complete += build_count
    else {
      const name = reason ?? 'none'
      incomplete_by_reason[name] = (incomplete_by_reason[name] ?? 0) + build_count
    }
  }
  return {
    started,
    complete,
    rate: started === 0 ? null : complete / started,
    incomplete_by_reason,
  }
}
