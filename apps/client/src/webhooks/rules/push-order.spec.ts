import type { PushRow } from '@workers-builds/store'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decidePush } from './decide-push.ts'

const NONE = '0'.repeat(40)
const START = Date.UTC(2026, 0, 1)

/** One change of the branch; `after` is NONE where it was deleted. Commits are single letters. */
type Change = { before: string; after: string; second: number; skips?: boolean }

/** A branch as the store keeps it: what the writers do with decisions, done in memory. */
function createBranch({ hasClock = true }: { hasClock?: boolean } = {}) {
  const rows: PushRow[] = []
  const trigger = {
    trigger_uuid: crypto.randomUUID(),
    script_tag: 'a Worker',
    script_name: 'shop',
    branch_includes: ['*'],
    branch_excludes: [],
    path_includes: ['*'],
    path_excludes: [],
    builds_enabled: true,
  }

  function end(row: PushRow, skip_reason: PushRow['skip_reason']) {
    row.status = 'stopped'
    row.skip_reason = skip_reason
  }

  return {
    rows,
    /** The pushes that are built or will be, in the order in which their builds were queued. */
    built: () => rows.filter((row) => row.skip_reason === null).map((row) => row.commit_hash),
    startBuilds() {
      for (const row of rows) if (row.status === 'queued') row.status = 'running'
    },
    receive({ before, after, second, skips = false }: Change, receivedAt = second) {
      const now = new Date(START + receivedAt * 1_000)
      const pushed_on = hasClock ? new Date(START + second * 1_000) : null
      if (after === NONE) {
        for (const row of rows) {
          const isOlder = row.pushed_on <= (pushed_on ?? now)
          if (row.status === 'queued' && row.commit_hash === before && isOlder) {
            end(row, 'branch_deleted')
          }
        }
        return
      }
      const push = {
        branch: 'main',
        commit_hash: after,
        push_before: before,
        pushed_on,
        commit_message: skips ? '[skip ci]' : '',
        author: 'ada',
        commit_count: 1,
        changed_files: [],
        has_more_files: false,
        full_bytes: {},
        forced: false,
        skip_asked: false,
      }
      const earlier = rows.toReversed()
      const [decided] = decidePush({
        push,
        triggers: [trigger],
        earlier,
        disconnect_reason: null,
        now,
      })
      const decision = decided?.decision
      if (decision === undefined || !('pushed_on' in decision)) return
      for (const row of rows) {
        const isSuperseded =
          decision.decision === 'build' && decision.supersedes.includes(row.build_id)
        if (isSuperseded) end(row, 'superseded')
      }
      const row: PushRow = {
        build_id: rows.length + 1,
        build_uuid: crypto.randomUUID(),
        trigger_uuid: trigger.trigger_uuid,
        created_on: now,
        status: 'queued',
        skip_reason: null,
        commit_hash: after,
        push_before: before,
        pushed_on: decision.pushed_on,
      }
      if (decision.decision === 'skip') end(row, decision.skip_reason)
      rows.push(row)
    },
  }
}

/** Changes that lead the branch along `path`, a dot being its deletion, `gap` seconds apart. */
function walk(path: string, gap: number): Change[] {
  const [first = '', ...rest] = path
  const changes: Change[] = []
  let before = first === '.' ? NONE : first
  for (const letter of rest) {
    const after = letter === '.' ? NONE : letter
    changes.push({ before, after, second: changes.length * gap })
    before = after
  }
  return changes
}

describe.each([
  ['a minute apart', { hasClock: true }, 60],
  ['in one second', { hasClock: true }, 0],
  ['without a clock, a minute apart', { hasClock: false }, 60],
  ['without a clock, hours apart', { hasClock: false }, 7_200],
])('pushes %s', (_, options, gap) => {
  test.each([
    ['on', 'abc', 'c'],
    ['back by one', 'abcb', 'b'],
    ['back by two', '.abca', 'a'],
    ['back by three', '.abcda', 'a'],
    ['back in the middle', '.abcdb', 'b'],
    ['to and fro', 'babcb', 'b'],
    ['there, back and there again', 'abac', 'c'],
  ])('%s: the last is built, alone', (__, path, last) => {
    const branch = createBranch(options)
    const changes = walk(path, gap)
    for (const [index, change] of changes.entries()) branch.receive(change, index * (gap || 0.1))
    expect(branch.built()).toEqual([last])
    expect(branch.rows).toHaveLength(changes.length)
  })
})

test.each([
  [{ hasClock: true }, '.ab.a'],
  [{ hasClock: true }, '.a.a'],
  [{ hasClock: false }, '.ab.a'],
  [{ hasClock: false }, '.a.a'],
])('with %j, a branch that goes the way %s is built at its end', (options, path) => {
  const branch = createBranch(options)
  for (const change of walk(path, 60)) branch.receive(change)
  expect(branch.built()).toEqual(['a'])
})

test.each([
  ['with a clock', { hasClock: true }, 60],
  ['with a clock that shows one second', { hasClock: true }, 0],
  ['without a clock', { hasClock: false }, 60],
])('%s, two pushes that arrive in the wrong order build the later', (_, options, gap) => {
  for (const path of ['abc', '.abc', 'zabc']) {
    const branch = createBranch(options)
    const changes = walk(path, gap)
    const swapped = [...changes.slice(0, -2), ...changes.slice(-2).toReversed()]
    for (const [index, change] of swapped.entries()) branch.receive(change, 300 + index)
    expect(branch.built()).toEqual(['c'])
  }
})

describe('a push that is received again', () => {
  test.each([
    ['at once', 'abc', [0, 0, 1, 1]],
    ['after another', 'abc', [0, 1, 0, 1]],
    ['after others', 'abcd', [0, 1, 2, 0, 1, 2]],
    ['where the branch went back', 'abab', [0, 0, 1, 1, 2, 2]],
  ])('%s makes no second build, with a clock or without', (_, path, order) => {
    for (const hasClock of [true, false]) {
      const branch = createBranch({ hasClock })
      const changes = walk(path, 60)
      for (const [index, at] of order.entries()) {
        const change = changes[at]
        if (change) branch.receive(change, 300 + index)
      }
      expect(branch.rows).toHaveLength(changes.length)
      expect(branch.built()).toEqual([path.at(-1)])
    }
  })

  test('without a clock, but much later, is another one', () => {
    const branch = createBranch({ hasClock: false })
    const change = { before: 'a', after: 'b', second: 0 }
    branch.receive(change, 0)
    branch.receive(change, 599)
    expect(branch.rows).toHaveLength(1)
    branch.receive(change, 600)
    expect(branch.rows).toHaveLength(2)
  })
})

/** A history of a branch, in the end of which a push asks for a build. Commit `e` asks for none. */
function histories({ ties }: { ties: 'any' | 'pairs that touch' | 'none' }) {
  const step = fc.record({
    to: fc.constantFrom('a', 'b', 'c', 'd', 'e', NONE),
    gap: fc.constantFrom(0, 1, 60),
  })
  return fc
    .array(step, { minLength: 1, maxLength: 12 })
    .map((steps) => {
      const changes: (Change & { tied: boolean })[] = []
      for (const { to, gap } of steps) {
        const last = changes.at(-1)
        const before = last?.after ?? NONE
        if (to === before) continue
        const second = last?.second ?? 0
        const touches = last !== undefined && !last.tied && last.before !== to
        const mayTie = ties === 'any' || (ties === 'pairs that touch' && touches)
        const isPlain = before !== NONE && to !== NONE
        // Two moves between the same commits in one second are one to everybody.
        const isTaken = changes.some(
          (other) => other.before === before && other.after === to && other.second === second,
        )
        const tied = mayTie && gap === 0 && isPlain && !isTaken
        changes.push({
          before,
          after: to,
          second: second + (tied ? 0 : Math.max(gap, 1)),
          skips: to === 'e',
          tied,
        })
      }
      return changes
    })
    .filter((changes) => changes.findLastIndex(({ after }) => after === NONE) < newestIn(changes))
}

/** Where in `changes` the newest push that asks for a build is. */
function newestIn(changes: Change[]): number {
  return changes.findLastIndex(({ after, skips }) => after !== NONE && !skips)
}

/** Delivers changes, and starts what is queued now and then. */
function receiveAll(
  branch: ReturnType<typeof createBranch>,
  deliveries: Change[],
  starts: boolean[],
) {
  for (const [index, change] of deliveries.entries()) {
    branch.receive(change, 10_000 + index)
    if (starts[index % starts.length]) branch.startBuilds()
  }
}

function expectNewestBuiltOnce({ rows }: ReturnType<typeof createBranch>, changes: Change[]) {
  const newest = changes[newestIn(changes)]
  const isNewest = (row: PushRow) =>
    row.commit_hash === newest?.after &&
    row.push_before === newest.before &&
    row.pushed_on.getTime() === START + newest.second * 1_000
  const built = rows.filter((row) => row.skip_reason === null)
  expect(rows.filter(isNewest)).toHaveLength(1)
  expect(built.filter(isNewest)).toEqual([built.at(-1)])
}

describe('of every history the newest push is built, once, and nothing after it', () => {
  const starts = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 })
  const places = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 30, maxLength: 30 })

  test('received in order, with repetitions, whatever the clock shows', () => {
    fc.assert(
      fc.property(histories({ ties: 'any' }), places, starts, (changes, delays, started) => {
        // Each change in its turn, and once more some places later.
        const deliveries = changes
          .flatMap((change, index) => [
            { change, place: index },
            { change, place: index + 0.5 + (delays[index] ?? 0) },
          ])
          .toSorted((one, other) => one.place - other.place)
          .map(({ change }) => change)
        const branch = createBranch()
        receiveAll(branch, deliveries, started)
        expectNewestBuiltOnce(branch, changes)
      }),
      { numRuns: 1_000 },
    )
  })

  test('received in any order, with repetitions', () => {
    fc.assert(
      fc.property(
        histories({ ties: 'pairs that touch' }),
        places,
        starts,
        (changes, order, started) => {
          const deliveries = [...changes, ...changes]
            .map((change, index) => ({ change, place: order[index % order.length] ?? 0 }))
            .toSorted((one, other) => one.place - other.place)
            .map(({ change }) => change)
          const branch = createBranch()
          receiveAll(branch, deliveries, started)
          expectNewestBuiltOnce(branch, changes)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('received in order without a clock, though its turn came later than its time says', () => {
    const branch = createBranch({ hasClock: false })
    branch.receive({ before: 'a', after: 'b', second: 5 })
    branch.receive({ before: 'b', after: 'c', second: 4 })
    expect(branch.built()).toEqual(['c'])
  })

  test('received in order from a provider without a clock, once or twice in a row', () => {
    fc.assert(
      fc.property(histories({ ties: 'none' }), fc.boolean(), starts, (changes, twice, started) => {
        const branch = createBranch({ hasClock: false })
        const deliveries = changes.flatMap((change) => (twice ? [change, change] : [change]))
        receiveAll(branch, deliveries, started)
        expect(branch.built().at(-1)).toBe(changes[newestIn(changes)]?.after)
        const isDeleted = changes.some(({ after }) => after === NONE)
        if (!isDeleted) expect(branch.rows).toHaveLength(changes.length)
      }),
      { numRuns: 1_000 },
    )
  })
})
