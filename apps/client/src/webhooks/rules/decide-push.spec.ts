import { describe, expect, test } from 'vitest'
import type { Push } from '../git-event.ts'
import { decidePush } from './decide-push.ts'

type Trigger = Parameters<typeof decidePush>[0]['triggers'][number]

const push = (changes: Partial<Push> = {}): Push => ({
  branch: 'main',
  commit_hash: 'a'.repeat(40),
  push_before: 'b'.repeat(40),
  pushed_on: null,
  commit_message: 'Change a thing',
  author: 'ada',
  commit_count: 1,
  changed_files: ['src/index.ts'],
  has_more_files: false,
  full_bytes: {},
  forced: false,
  skip_asked: false,
  ...changes,
})

const trigger = (changes: Partial<Trigger> = {}): Trigger => ({
  trigger_uuid: crypto.randomUUID(),
  script_tag: 'a Worker',
  script_name: 'shop',
  branch_includes: ['*'],
  branch_excludes: [],
  path_includes: ['*'],
  path_excludes: [],
  builds_enabled: true,
  ...changes,
})

/** `build`, `none`, or why the build is skipped. */
function decide(pushed: Partial<Push>, ...triggers: Partial<Trigger>[]): string[] {
  const decided = decidePush({
    push: push(pushed),
    triggers: triggers.map(trigger),
    earlier: [],
    disconnect_reason: null,
    now: new Date(),
  })
  return decided.map(({ decision }) =>
    decision.decision === 'skip' ? decision.skip_reason : decision.decision,
  )
}

test.each([
  ['main', ['*'], [], true],
  ['main', ['main'], [], true],
  ['maintenance', ['main'], [], false],
  ['release/1.2', ['release/*'], [], true],
  ['release', ['release/*'], [], false],
  ['preview/a/b', ['preview/*'], [], true],
  ['preview', ['preview/*'], [], false],
  ['feature/x', ['*'], ['feature/*'], false],
  ['a-preview', ['*-preview'], [], true],
  ['-preview', ['*-preview'], [], true],
  ['axbxc', ['a*b*c'], [], true],
  ['ac', ['a*b*c'], [], false],
  ['aba', ['ab*ba'], [], false],
  ['a.b', ['a?b'], [], false],
  ['MAIN', ['main'], [], false],
  ['main', [], [], false],
])('branch %s with includes %j, excludes %j', (branch, branch_includes, branch_excludes, built) => {
  expect(decide({ branch }, { branch_includes, branch_excludes })).toEqual([
    built ? 'build' : 'none',
  ])
})

describe('of the triggers of one Worker', () => {
  const production = { branch_includes: ['main'] }
  const other = { branch_includes: ['*'], branch_excludes: ['main'] }
  const every = { branch_includes: ['*'] }
  const releases = { branch_includes: ['release/*'] }

  test.each<[string, Partial<Trigger>[], string[]]>([
    ['main', [production, other], ['build', 'none']],
    ['feature', [production, other], ['none', 'build']],
    ['main', [production, every], ['build', 'none']],
    ['feature', [production, every], ['none', 'build']],
    ['release/1', [releases, every], ['build', 'none']],
    ['release/1', [{ branch_includes: ['release/1'] }, releases], ['build', 'none']],
    ['main', [{ ...production, builds_enabled: false }, every], ['builds_disabled', 'none']],
  ])('the one that names %s closest builds it (%#)', (branch, triggers, expected) => {
    expect(decide({ branch }, ...triggers)).toEqual(expected)
  })

  test('those of other Workers build it all the same', () => {
    expect(decide({}, production, { ...every, script_tag: 'another Worker' })).toEqual([
      'build',
      'build',
    ])
  })
})

describe('watch paths', () => {
  const files = (count: number) => Array.from({ length: count }, (_, i) => `docs/${i}.md`)

  test.each<[string, string[], string[], string[], boolean]>([
    ['everything by default', ['*'], [], ['a/b.ts'], true],
    ['a folder, however deep', ['apps/web/*'], [], ['apps/web/a/b.ts'], true],
    ['a folder next to it', ['apps/web/*'], [], ['apps/web2/a.ts'], false],
    ['one file that is left', ['apps/web/*'], [], ['docs/a.md', 'apps/web/a.ts'], true],
    ['a file by its name', ['pnpm-lock.yaml'], [], ['pnpm-lock.yaml'], true],
    ['an ending', ['*.ts'], [], ['a/b/c.ts'], true],
    ['excludes first', ['*'], ['docs/*'], ['docs/a.md'], false],
    ['excludes before an include of the same', ['docs/*'], ['docs/*'], ['docs/a.md'], false],
    ['excludes of some files only', ['*'], ['*.md'], ['docs/a.md', 'src/a.ts'], true],
    ['a star in the middle', ['apps/*/src/*'], [], ['apps/web/src/a.ts'], true],
    ['paths from the root with a slash', ['/apps/web/*'], ['./docs/*'], ['apps/web/a'], true],
    ['excludes from the root with a slash', ['*'], ['./docs/*'], ['docs/a'], false],
    ['nothing', [], [], ['a'], false],
    ['names that only look alike', ['src/a.ts'], [], ['src/a_ts'], false],
  ])('%s', (_, path_includes, path_excludes, changed_files, built) => {
    expect(decide({ changed_files }, { path_includes, path_excludes })).toEqual([
      built ? 'build' : 'paths_excluded',
    ])
  })

  const code = { path_includes: ['src/*'] }
  test.each<[string, Partial<Push>, boolean]>([
    ['0 files', { changed_files: [] }, true],
    ['2,999 files', { changed_files: files(2_999) }, false],
    ['3,000 files', { changed_files: files(3_000) }, true],
    ['more files than are listed', { changed_files: files(1), has_more_files: true }, true],
    ['19 commits', { changed_files: files(1), commit_count: 19 }, false],
    ['20 commits', { changed_files: files(1), commit_count: 20 }, true],
    ['rewritten history', { changed_files: files(1), forced: true }, true],
  ])('are looked at or not with %s', (_, pushed, built) => {
    expect(decide(pushed, code)).toEqual([built ? 'build' : 'paths_excluded'])
  })

  test('a monorepo: one push builds the Workers that it changed', () => {
    const worker = (name: string) => ({
      script_tag: name,
      path_includes: [`apps/${name}/*`, 'lib/*'],
    })
    const workers = [worker('web'), worker('api'), worker('cron')]
    const decided = (...changed_files: string[]) => decide({ changed_files }, ...workers)
    expect(decided('apps/api/a.ts')).toEqual(['paths_excluded', 'build', 'paths_excluded'])
    expect(decided('apps/api/a.ts', 'apps/web/b.ts')).toEqual(['build', 'build', 'paths_excluded'])
    expect(decided('lib/c.ts')).toEqual(['build', 'build', 'build'])
  })
})

describe('a message', () => {
  test.each([
    '[skip ci] Fix a typo',
    'Fix a typo [ci skip]',
    'Fix [Skip CI] a typo',
    'Fix a typo [no ci]',
    '[CI-Skip] x',
    '[skip-ci]',
    '[CF-Pages-Skip] docs',
    '[cf-workers-skip]',
    '[skip builds]',
    'Fix a typo\n\nand more [skip ci]\nand more',
    'Fix a typo\n\n\nskip-checks: true',
    'Fix a typo\n\nSigned-off-by: Ada\nskip-checks:true\n',
  ])('%j is skipped', (commit_message) => {
    expect(decide({ commit_message }, {})).toEqual(['skip_ci'])
  })

  test.each([
    'skip ci',
    'Do not [skip the ci]',
    '[skip actions]',
    '[skipci]',
    'skip-checks: true\n\nwas the trailer',
    'I said skip-checks: true',
    '',
  ])('%j is built', (commit_message) => {
    expect(decide({ commit_message }, {})).toEqual(['build'])
  })
})

test('a push that asked for no build itself is skipped', () => {
  expect(decide({ skip_asked: true }, {})).toEqual(['skip_ci'])
})

test('a trigger that is switched off skips what it would build, and nothing else', () => {
  const off = { builds_enabled: false, branch_includes: ['main'] }
  expect(decide({}, off)).toEqual(['builds_disabled'])
  expect(decide({ branch: 'other' }, off)).toEqual(['none'])
})

test('a disconnected repository is skipped, and the reason names why', () => {
  const now = new Date()
  const [decided] = decidePush({
    push: push(),
    triggers: [trigger()],
    earlier: [],
    disconnect_reason: 'installation_suspended',
    now,
  })
  expect(decided?.decision).toEqual({
    decision: 'skip',
    pushed_on: now,
    skip_reason: 'repo_disconnected',
    reason: 'the repository is disconnected: installation_suspended',
  })
})

test('a hostile pattern takes no time', () => {
  const branch = 'a'.repeat(5_000)
  expect(decide({ branch }, { branch_includes: [`${'a*'.repeat(1_000)}b`] })).toEqual(['none'])
})
