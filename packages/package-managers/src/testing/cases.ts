/** Repositories, and what installs them: every reader of files has to come to the same answer. */
import type { Project } from '../read-project.ts'

export interface Case {
  name: string
  /** By path; what is no text is written as JSON. */
  files: Record<string, unknown>
  /** The folder that is built. */
  folder: string
  /** Undefined where there is nothing to install. */
  expected: Partial<Project> | undefined
}

const PNPM_WORKSPACE = 'packages: ["apps/*", "packages/*"]\n'
const DEV_ENGINES = (packageManager: unknown) => ({ devEngines: { packageManager } })

export const CASES: Case[] = [
  {
    name: 'a folder without package.json, whatever is around it',
    files: { 'package.json': {}, 'pnpm-lock.yaml': '', 'docs/index.html': '' },
    folder: 'docs',
    expected: undefined,
  },
  {
    name: 'a package.json alone',
    files: { 'package.json': {} },
    folder: '',
    expected: {
      packageManager: 'npm',
      version: null,
      decidedBy: 'nothing',
      installFolder: '',
      lockfile: null,
      strayLockfiles: [],
      isOutsidePnpmWorkspace: false,
    },
  },
  {
    name: 'the packageManager field, against lockfiles of others',
    files: { 'package.json': { packageManager: 'yarn@4.9.1' }, 'package-lock.json': '' },
    folder: '',
    expected: {
      packageManager: 'yarn',
      version: '4.9.1',
      decidedBy: 'packageManager',
      lockfile: null,
    },
  },
  {
    name: 'a packageManager field that names none of ours',
    files: { 'package.json': { packageManager: 'other@1' }, 'bun.lock': '' },
    folder: '',
    expected: { packageManager: 'bun', version: null, decidedBy: 'lockfile', lockfile: 'bun.lock' },
  },
  {
    name: 'devEngines alone',
    files: {
      'package.json': DEV_ENGINES({ name: 'pnpm', version: '^9.15.0', onFail: 'error' }),
    },
    folder: '',
    expected: { packageManager: 'pnpm', version: '^9.15.0', decidedBy: 'devEngines' },
  },
  {
    name: 'devEngines with a lockfile of what it names',
    files: {
      'package.json': DEV_ENGINES({ name: 'pnpm', version: '^9.15.0', onFail: 'error' }),
      'pnpm-lock.yaml': '',
    },
    folder: '',
    expected: { packageManager: 'pnpm', version: '^9.15.0', lockfile: 'pnpm-lock.yaml' },
  },
  {
    name: 'devEngines that names several: the first',
    files: {
      'package.json': DEV_ENGINES([
        { name: 'pnpm', version: '9.15.4+sha512.abc' },
        { name: 'npm', version: '>=10' },
      ]),
    },
    folder: '',
    expected: { packageManager: 'pnpm', version: '9.15.4', decidedBy: 'devEngines' },
  },
  {
    name: 'devEngines that names several: the one with a lockfile',
    files: {
      'package.json': DEV_ENGINES([{ name: 'pnpm' }, { name: 'npm', version: '>=10 <12' }]),
      'package-lock.json': '',
    },
    folder: '',
    expected: { packageManager: 'npm', version: '>=10 <12', lockfile: 'package-lock.json' },
  },
  {
    name: 'the packageManager field before devEngines, which names the version that it lacks',
    files: {
      'package.json': {
        packageManager: 'pnpm',
        ...DEV_ENGINES([
          { name: 'npm', version: '11.0.0' },
          { name: 'pnpm', version: '10.x' },
        ]),
      },
    },
    folder: '',
    expected: { packageManager: 'pnpm', version: '10.x', decidedBy: 'packageManager' },
  },
  {
    name: 'lockfiles of several',
    files: { 'package.json': {}, 'package-lock.json': '', 'bun.lock': '', 'pnpm-lock.yaml': '' },
    folder: '',
    expected: { packageManager: 'pnpm', decidedBy: 'lockfile', lockfile: 'pnpm-lock.yaml' },
  },
  {
    name: 'a manifest that is no JSON',
    files: { 'package.json': '{ "packageManager": ', 'yarn.lock': '' },
    folder: '',
    expected: { packageManager: 'yarn', decidedBy: 'lockfile', lockfile: 'yarn.lock' },
  },
  {
    name: 'a manifest with a byte order mark',
    files: { 'package.json': '\uFEFF{"packageManager":"bun@1.2.15"}' },
    folder: '',
    expected: { packageManager: 'bun', version: '1.2.15' },
  },
  {
    name: 'a member of a workspace: its root’s field and lockfile',
    files: {
      'package.json': { workspaces: ['apps/*'], packageManager: 'yarn@4.9.1' },
      'yarn.lock': '__metadata:\n',
      'apps/web/package.json': {},
    },
    folder: 'apps/web',
    expected: {
      packageManager: 'yarn',
      version: '4.9.1',
      decidedBy: 'packageManager of the workspace',
      installFolder: '',
      lockfile: 'yarn.lock',
    },
  },
  {
    name: 'a member with a field of its own: in the workspace, by its lockfile',
    files: {
      'package.json': {},
      'pnpm-workspace.yaml': PNPM_WORKSPACE,
      'pnpm-lock.yaml': '',
      'apps/web/package.json': { packageManager: 'pnpm@9.15.4' },
    },
    folder: 'apps/web',
    expected: {
      packageManager: 'pnpm',
      version: '9.15.4',
      decidedBy: 'packageManager',
      installFolder: '',
      lockfile: 'pnpm-lock.yaml',
    },
  },
  {
    name: 'a stray lockfile in a member, against the field of its workspace',
    files: {
      'package.json': { private: true, packageManager: 'pnpm@9.15.4' },
      'pnpm-workspace.yaml': PNPM_WORKSPACE,
      'pnpm-lock.yaml': '',
      'apps/web/package.json': { dependencies: { '@acme/ui': 'workspace:*' } },
      'apps/web/package-lock.json': '',
    },
    folder: 'apps/web',
    expected: {
      packageManager: 'pnpm',
      version: '9.15.4',
      decidedBy: 'packageManager of the workspace',
      installFolder: '',
      lockfile: 'pnpm-lock.yaml',
      strayLockfiles: ['package-lock.json'],
    },
  },
  {
    name: 'a stray lockfile in a member, against the devEngines of its workspace',
    files: {
      'package.json': DEV_ENGINES({ name: 'pnpm', version: '10.x' }),
      'pnpm-workspace.yaml': PNPM_WORKSPACE,
      'apps/web/package.json': {},
      'apps/web/yarn.lock': '',
    },
    folder: 'apps/web',
    expected: {
      packageManager: 'pnpm',
      version: '10.x',
      decidedBy: 'devEngines of the workspace',
      installFolder: '',
      lockfile: null,
      strayLockfiles: ['yarn.lock'],
    },
  },
  {
    name: 'a stray lockfile in a member, against the lockfile of its workspace',
    files: {
      'package.json': { workspaces: { packages: ['packages/*'] } },
      'pnpm-lock.yaml': '',
      'packages/b/package.json': {},
      'packages/b/bun.lockb': '',
    },
    folder: 'packages/b',
    expected: {
      packageManager: 'pnpm',
      decidedBy: 'lockfile',
      installFolder: '',
      lockfile: 'pnpm-lock.yaml',
      strayLockfiles: ['bun.lockb'],
    },
  },
  {
    name: 'a stray lockfile in a member of a pnpm workspace without a lockfile',
    files: {
      'pnpm-workspace.yaml': PNPM_WORKSPACE,
      'apps/web/package.json': {},
      'apps/web/package-lock.json': '',
    },
    folder: 'apps/web',
    expected: {
      packageManager: 'pnpm',
      decidedBy: 'pnpm-workspace.yaml',
      installFolder: '',
      lockfile: null,
      strayLockfiles: ['package-lock.json'],
    },
  },
  {
    name: 'a member two levels down, of the nearest workspace that lists it',
    files: {
      'package.json': { packageManager: 'npm@11.0.0', workspaces: ['sites/*'] },
      'sites/pnpm-workspace.yaml': 'packages:\n  - "**"\n  - "!old/**"\n',
      'sites/shop/web/package.json': {},
      'sites/old/web/package.json': {},
    },
    folder: 'sites/shop/web',
    expected: {
      packageManager: 'pnpm',
      version: null,
      decidedBy: 'pnpm-workspace.yaml',
      installFolder: 'sites',
      isOutsidePnpmWorkspace: false,
    },
  },
  {
    name: 'a folder that a pnpm workspace leaves out, with a lockfile of its own',
    files: {
      'package.json': { private: true },
      'pnpm-workspace.yaml': 'packages: [packages/*]\n',
      'pnpm-lock.yaml': '',
      'tools/edge/package.json': { packageManager: 'pnpm@10.11.1' },
      'tools/edge/pnpm-lock.yaml': '',
    },
    folder: 'tools/edge',
    expected: {
      packageManager: 'pnpm',
      version: '10.11.1',
      installFolder: 'tools/edge',
      lockfile: 'pnpm-lock.yaml',
      isOutsidePnpmWorkspace: true,
    },
  },
  {
    name: 'a folder that a workspace leaves out, with a lockfile of another package manager',
    files: {
      'package.json': { packageManager: 'pnpm@9.15.4', workspaces: ['packages/*'] },
      'pnpm-lock.yaml': '',
      'tools/edge/package.json': {},
      'tools/edge/package-lock.json': '',
    },
    folder: 'tools/edge',
    expected: {
      packageManager: 'npm',
      version: null,
      decidedBy: 'lockfile',
      installFolder: 'tools/edge',
      lockfile: 'package-lock.json',
      strayLockfiles: [],
    },
  },
  {
    name: 'a folder that a workspace leaves out, without a lockfile: as the folders around say',
    files: {
      'package.json': { packageManager: 'pnpm@9.15.4' },
      'pnpm-lock.yaml': '',
      'apps/package.json': DEV_ENGINES({ name: 'pnpm', version: '10.x' }),
      'apps/web/package.json': {},
    },
    folder: 'apps/web',
    expected: {
      packageManager: 'pnpm',
      version: '10.x',
      decidedBy: 'package.json of a folder around',
      installFolder: 'apps/web',
      lockfile: null,
      isOutsidePnpmWorkspace: false,
    },
  },
  {
    name: 'a folder that a workspace leaves out, without a lockfile or a field: npm',
    files: {
      'package.json': {},
      'pnpm-workspace.yaml': 'packages:\n  - "apps/**"\n  - "!apps/old/**"\n',
      'pnpm-lock.yaml': '',
      'apps/old/site/package.json': {},
    },
    folder: 'apps/old/site',
    expected: { packageManager: 'npm', decidedBy: 'nothing', installFolder: 'apps/old/site' },
  },
  {
    name: 'a workspace of its own within another',
    files: {
      'pnpm-workspace.yaml': 'packages: [packages/*]\n',
      'examples/package.json': {},
      'examples/pnpm-workspace.yaml': 'packages: []\n',
    },
    folder: 'examples',
    expected: {
      packageManager: 'pnpm',
      decidedBy: 'pnpm-workspace.yaml',
      installFolder: 'examples',
      isOutsidePnpmWorkspace: false,
    },
  },
]
