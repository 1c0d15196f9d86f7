import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'

const harness = useDatabase()
const { store } = harness

const DAY = 86_400_000

async function failWith(error_group: string, cause = 'module_not_found') {
  const failed = await harness.createFailedBuild()
  await store.buildErrorScans.replace([
    {
      build_id: failed.build.build_id,
      outcome: 'detected',
      detector_version: 1,
      lines_read: 1,
      errors: [
        {
          error_code: 'wrangler_error',
          error_group,
          cause,
          fault: 'user',
          step: 'deploying',
          line: 0,
          confidence: 1,
          title: '',
        },
      ],
    },
  ])
}

const range = { from: new Date(Date.now() - DAY), to: new Date(Date.now() + DAY), limit: 50 }

test('the top list counts builds by code, cause and group, largest first', async () => {
  for (const group of ['a', 'b', 'b']) await failWith(group)
  const { errors: top } = await store.errorCounts.selectTop({ ...range, min_accounts: 1 })
  expect(top.map((row) => [row.error_group, row.build_count, row.account_count])).toEqual([
    ['b', 2, 2],
    ['a', 1, 1],
  ])
})

test('groups that too few accounts share are added up without their text', async () => {
  for (const group of ['shared', 'shared', 'shared', 'mine', 'yours']) await failWith(group)
  const { errors: top } = await store.errorCounts.selectTop({ ...range, min_accounts: 3 })
  expect(top.map((row) => [row.error_group, row.build_count, row.account_count])).toEqual([
    ['shared', 3, 3],
    [null, 2, 2],
  ])
})

test('builds outside the range are not counted', async () => {
  await failWith('a')
  const to = new Date(Date.now() - DAY)
  const { errors: top } = await store.errorCounts.selectTop({
    from: new Date(0),
    to,
    min_accounts: 1,
    limit: 50,
  })
  expect(top).toEqual([])
})
