import { expect, test } from 'vitest'
import { parseDevEngines, parsePackageManager } from './package-manager.ts'
import { choose, type Evidence, PRECEDENCE } from './precedence.ts'

/** What the source at the same place of the table finds, and no other does. */
const NAMES: Evidence[] = [
  evidence({ own: { packageManager: 'bun@1.2.15', workspaces: [] } }),
  evidence({ own: { devEngines: { packageManager: { name: 'bun' } }, workspaces: [] } }),
  evidence({ install: { packageManager: 'bun@1.2.15', workspaces: [] } }),
  evidence({ install: { devEngines: { packageManager: { name: 'bun' } }, workspaces: [] } }),
  evidence({ lockfiles: ['bun.lock'] }),
  evidence({ hasPnpmWorkspace: true }),
  evidence({ around: [{ packageManager: 'bun@1.2.15', workspaces: [] }] }),
  evidence({}),
]

function evidence(some: Partial<Evidence>): Evidence {
  return {
    own: { workspaces: [] },
    install: { workspaces: [] },
    lockfiles: [],
    hasPnpmWorkspace: false,
    around: [],
    ...some,
  }
}

test.each(PRECEDENCE.map(({ source }, place) => ({ source, place })))(
  '$source decides before all that stands below it',
  ({ source, place }) => {
    const alone = NAMES[place] ?? evidence({})
    const below = NAMES.slice(place + 1)
    expect(choose(alone).decidedBy).toBe(source)
    for (const weaker of below) expect(choose(merge(alone, weaker)).decidedBy).toBe(source)
  },
)

function merge(one: Evidence, other: Evidence): Evidence {
  return {
    own: { ...other.own, ...one.own },
    install: { ...other.install, ...one.install },
    lockfiles: [...one.lockfiles, ...other.lockfiles],
    hasPnpmWorkspace: one.hasPnpmWorkspace || other.hasPnpmWorkspace,
    around: [...one.around, ...other.around],
  }
}

test('the nearest packageManager field that names one of ours counts', () => {
  const choice = (...fields: unknown[]) => {
    const [own, install] = fields.map((packageManager) => ({ packageManager, workspaces: [] }))
    return choose(evidence({ ...(own && { own }), ...(install && { install }) }))
  }
  expect(choice('yarn@4.9.1', 'pnpm@10.0.0')).toMatchObject({ packageManager: 'yarn' })
  expect(choice(undefined, 'pnpm@10.0.0')).toMatchObject({ packageManager: 'pnpm' })
  expect(choice({ name: 'pnpm' }, 7)).toMatchObject({ packageManager: 'npm', version: null })
})

test.each([
  ['pnpm@10.28.2', [{ packageManager: 'pnpm', version: '10.28.2' }]],
  ['pnpm@10.28.2+sha512.abcdef', [{ packageManager: 'pnpm', version: '10.28.2' }]],
  ['pnpm@^9', [{ packageManager: 'pnpm', version: '^9' }]],
  ['yarn@berry', [{ packageManager: 'yarn', version: 'berry' }]],
  ['bun', [{ packageManager: 'bun', version: null }]],
  ['cnpm@9.0.0', []],
  ['pnpm@10.0.0 --global', [{ packageManager: 'pnpm', version: '10.0.0' }]],
  ['', []],
])('packageManager "%s" names %j', (field, expected) => {
  expect(parsePackageManager(field)).toEqual(expected)
})

test.each([
  [{ name: 'pnpm', version: '^9.15.0' }, [{ packageManager: 'pnpm', version: '^9.15.0' }]],
  [{ name: 'pnpm', version: '9.15.4+sha1.ab' }, [{ packageManager: 'pnpm', version: '9.15.4' }]],
  [{ name: 'bun' }, [{ packageManager: 'bun', version: null }]],
  [{ name: 'npm', version: 11 }, [{ packageManager: 'npm', version: null }]],
  [[{ name: 'vlt' }, { name: 'npm' }], [{ packageManager: 'npm', version: null }]],
  ['pnpm@9.15.4', []],
  [[null, [], 7], []],
  [undefined, []],
])('devEngines.packageManager %j names %j', (field, expected) => {
  expect(parseDevEngines(field)).toEqual(expected)
})
