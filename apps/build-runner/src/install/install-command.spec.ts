import { readProject } from '@workers-builds/package-managers'
import { describe, expect, test } from 'vitest'
import { installCommand } from './install-command.ts'

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

async function commandOf(
  files: string[],
  { packageManager, isYarnClassic = false }: { packageManager?: string; isYarnClassic?: boolean },
): Promise<string> {
  const manifest = JSON.stringify({ packageManager })
  const reader = {
    read: async (path: string) => (path === 'package.json' ? manifest : undefined),
    exists: async (path: string) => files.includes(path),
  }
  const project = await readProject(reader, '')
  if (project === undefined) throw new Error('There is a package.json')
  return installCommand({ ...project, isYarnClassic }).join(' ')
}

describe('the install command', () => {
  test.each(TABLE)('with %j and packageManager %s is "%s"', async (files, field, command) => {
    const options = field === undefined ? {} : { packageManager: field }
    expect(await commandOf(files, options)).toBe(command)
  })

  test('of the first Yarn keeps the lockfile with its own flag', async () => {
    expect(await commandOf(['yarn.lock'], { isYarnClassic: true })).toBe(`yarn install ${FROZEN}`)
  })

  test.each([
    ['pnpm-lock.yaml', `pnpm install ${FROZEN} --ignore-workspace`],
    [null, 'pnpm install --ignore-workspace'],
  ])('of a project outside the pnpm workspace around it, with %s, is "%s"', (lockfile, command) => {
    const project = { packageManager: 'pnpm', lockfile, isOutsidePnpmWorkspace: true } as const
    expect(installCommand({ ...project, isYarnClassic: false }).join(' ')).toBe(command)
  })
})
