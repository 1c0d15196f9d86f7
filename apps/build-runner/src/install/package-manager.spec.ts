import { describe, expect, test } from 'vitest'
import { choosePackageManager, installCommand, parsePackageManager } from './package-manager.ts'

const NPM_CI = 'npm clean-install --progress=false'
const FROZEN = '--frozen-lockfile'

/** Files where dependencies are installed, `packageManager` field, install command. */
const TABLE: [string[], string | undefined, string][] = [
  [[], undefined, 'npm install'],
  [['package-lock.json'], undefined, NPM_CI],
  [['npm-shrinkwrap.json'], undefined, NPM_CI],
  [['pnpm-lock.yaml'], undefined, `pnpm install ${FROZEN}`],
  [['pnpm-workspace.yaml'], undefined, 'pnpm install'],
  [['yarn.lock'], undefined, 'yarn install --immutable'],
  [['bun.lock'], undefined, `bun install ${FROZEN}`],
  [['bun.lockb'], undefined, `bun install ${FROZEN}`],
  [['bun.lock', 'bun.lockb'], undefined, `bun install ${FROZEN}`],
  // Several lockfiles: pnpm's counts most, Bun's least.
  [['package-lock.json', 'pnpm-lock.yaml'], undefined, `pnpm install ${FROZEN}`],
  [['package-lock.json', 'yarn.lock'], undefined, 'yarn install --immutable'],
  [['package-lock.json', 'bun.lock'], undefined, NPM_CI],
  // The field decides, whatever lockfiles there are.
  [[], 'pnpm@10.28.2', 'pnpm install'],
  [[], 'yarn@4.9.1', 'yarn install'],
  [[], 'bun@1.2.15', 'bun install'],
  [['package-lock.json', 'bun.lock'], 'bun@1.2.15', `bun install ${FROZEN}`],
  [['pnpm-lock.yaml'], 'npm@11.0.0', 'npm install'],
  [['pnpm-lock.yaml', 'package-lock.json'], 'npm@11.0.0', NPM_CI],
  // One that we do not have says nothing.
  [['bun.lock'], 'deno@2.0.0', `bun install ${FROZEN}`],
]

describe('the install command', () => {
  test.each(TABLE)('with %j and packageManager %s is "%s"', (files, packageManager, command) => {
    const choice = choosePackageManager({ files, packageManagerFields: [packageManager] })
    expect(installCommand({ ...choice, isYarnClassic: false }).join(' ')).toBe(command)
  })

  test('of the first Yarn keeps the lockfile with its own flag', () => {
    const choice = choosePackageManager({ files: ['yarn.lock'], packageManagerFields: [] })
    const command = installCommand({ ...choice, isYarnClassic: true })
    expect(command.join(' ')).toBe(`yarn install ${FROZEN}`)
  })
})

test('the nearest packageManager field that names one of ours counts', () => {
  const choice = (packageManagerFields: unknown[]) =>
    choosePackageManager({ files: [], packageManagerFields })
  expect(choice(['yarn@4.9.1', 'pnpm@10.0.0'])).toMatchObject({ packageManager: 'yarn' })
  expect(choice([undefined, 'pnpm@10.0.0'])).toMatchObject({ packageManager: 'pnpm' })
  expect(choice([{ name: 'pnpm' }, 7])).toMatchObject({ packageManager: 'npm', version: null })
})

test.each([
  ['pnpm@10.28.2', { packageManager: 'pnpm', version: '10.28.2' }],
  ['pnpm@10.28.2+sha512.abcdef', { packageManager: 'pnpm', version: '10.28.2' }],
  ['yarn@berry', { packageManager: 'yarn', version: 'berry' }],
  ['bun', { packageManager: 'bun', version: null }],
  ['cnpm@9.0.0', undefined],
  ['pnpm@10.0.0 --global', { packageManager: 'pnpm', version: '10.0.0' }],
  ['', undefined],
])('packageManager "%s" asks for %j', (field, expected) => {
  expect(parsePackageManager(field)).toEqual(expected)
})
