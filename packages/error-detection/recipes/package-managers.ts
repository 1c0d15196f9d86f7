import type { Recipes } from './recipe.ts'

const site = { name: 'site', version: '1.0.0', private: true }
const withDependencies = (dependencies: Record<string, string>) => ({ ...site, dependencies })

const NPM = ['npm@8', 'npm@9', 'npm@10', 'npm@11']
const PNPM = ['pnpm@8', 'pnpm@9', 'pnpm@10', 'pnpm@11']
const YARN = ['yarn@1']
const BERRY = ['@yarnpkg/cli-dist@3', '@yarnpkg/cli-dist@4']
const BUN = ['bun@1.1', 'bun@1.2', 'bun@1.3']

const ADD_DEPENDENCY = `node -e 'const f=require("fs"),p=JSON.parse(f.readFileSync("package.json"));p.dependencies={...p.dependencies,"is-odd":"3.0.1"};f.writeFileSync("package.json",JSON.stringify(p))'`

const CONFLICTING_LOCKFILE = `<<<<<<< HEAD
lockfileVersion: '9.0'
=======
lockfileVersion: '6.0'
>>>>>>> feature

importers:

  .:
    dependencies:
      is-number:
        specifier: 7.0.0
        version: 7.0.0
`

export const packageManagers: Recipes = {
  'npm-lockfile-out-of-sync': {
    tools: NPM,
    files: { 'package.json': withDependencies({ 'is-number': '7.0.0' }) },
    before: ['$TOOL install', ADD_DEPENDENCY],
    commands: ['$TOOL ci'],
    expected: { error_code: 'npm_error', cause: 'lockfile_out_of_sync' },
  },
  'npm-lockfile-missing': {
    tools: NPM,
    files: { 'package.json': site },
    commands: ['$TOOL ci'],
    expected: { error_code: 'npm_error', cause: 'lockfile_missing' },
  },
  'npm-peer-conflict': {
    tools: NPM,
    files: { 'package.json': withDependencies({ react: '19.0.0', 'react-dom': '18.2.0' }) },
    commands: ['$TOOL install'],
    expected: {
      error_code: 'npm_error',
      cause: 'peer_dependency_conflict',
      line: 'react@"^18.2.0" from react-dom@18.2.0',
    },
  },
  'npm-version-not-found': {
    tools: NPM,
    files: { 'package.json': withDependencies({ 'is-number': '99.0.0' }) },
    commands: ['$TOOL install'],
    expected: {
      error_code: 'npm_error',
      cause: 'dependency_version_not_found',
      line: 'is-number@99.0.0',
    },
  },
  'npm-package-not-found': {
    tools: NPM,
    files: { 'package.json': withDependencies({ 'quillwort-does-not-exist': '1.0.0' }) },
    commands: ['$TOOL install'],
    expected: {
      error_code: 'npm_error',
      cause: 'dependency_not_found',
      line: 'quillwort-does-not-exist',
    },
  },
  'npm-missing-script': {
    tools: NPM,
    files: { 'package.json': { ...site, scripts: { start: 'node .' } } },
    commands: ['$TOOL run build'],
    expected: { error_code: 'npm_error', cause: 'script_missing' },
  },
  'npm-manifest-invalid': {
    tools: NPM,
    files: { 'package.json': '{ "name": "site", }' },
    commands: ['$TOOL install'],
    expected: { error_code: 'npm_error', cause: 'manifest_invalid' },
  },
  'npm-manifest-missing': {
    tools: NPM,
    files: { 'readme.md': '' },
    commands: ['$TOOL run build'],
    expected: { error_code: 'npm_error', cause: 'manifest_not_found' },
  },
  'npm-platform': {
    tools: NPM,
    files: { 'package.json': withDependencies({ '@esbuild/win32-x64': '0.25.0' }) },
    commands: ['$TOOL install'],
    expected: {
      error_code: 'npm_error',
      cause: 'platform_unsupported',
      line: '@esbuild/win32-x64@0.25.0',
    },
  },
  'npm-workspace-protocol': {
    tools: NPM,
    files: { 'package.json': withDependencies({ '@site/ui': 'workspace:*' }) },
    commands: ['$TOOL install'],
    expected: { error_code: 'npm_error', cause: 'package_manager_mismatch', line: 'workspace:' },
  },
  'npm-command-not-found': {
    tools: NPM,
    files: { 'package.json': { ...site, scripts: { build: 'vite build' } } },
    commands: ['$TOOL run build'],
    expected: { error_code: 'shell_error', cause: 'command_not_found' },
  },
  'npm-engine': {
    tools: NPM,
    files: {
      'package.json': { ...site, engines: { node: '>=99' } },
      '.npmrc': 'engine-strict=true\n',
    },
    commands: ['$TOOL install'],
    expected: {
      error_code: 'npm_error',
      cause: 'node_version_incompatible',
      line: '"node":">=99"',
    },
  },
  'npm-git-dependency': {
    tools: ['npm@10', 'npm@11'],
    files: {
      'package.json': withDependencies({ ui: 'git+https://git.quillwort.invalid/acme/ui.git' }),
    },
    commands: ['$TOOL install'],
    expected: {
      error_code: 'npm_error',
      cause: 'git_dependency_failed',
      line: 'git.quillwort.invalid/acme/ui.git',
    },
  },
  'npm-host-unknown': {
    tools: ['npm@10', 'npm@11'],
    files: {
      'package.json': withDependencies({ '@quillwort/ui': '1.0.0' }),
      '.npmrc': '@quillwort:registry=https://npm.quillwort.invalid/\nfetch-retries=0\n',
    },
    commands: ['$TOOL install'],
    expected: { error_code: 'npm_error', cause: 'network_error', line: 'npm.quillwort.invalid' },
  },
  'npm-postinstall-file': {
    tools: ['npm@10', 'npm@11'],
    files: {
      'package.json': { ...site, scripts: { postinstall: 'node setup.js' } },
      'setup.js': "require('node:fs').readFileSync('config/local.json')\n",
    },
    commands: ['$TOOL install'],
    expected: { error_code: 'node_error', cause: 'file_not_found', line: 'config/local.json' },
  },
  'npm-prepare-omitted': {
    tools: ['npm@10', 'npm@11'],
    files: {
      'package.json': { ...site, scripts: { prepare: 'husky' }, devDependencies: { husky: '9' } },
    },
    commands: ['$TOOL install --omit=dev'],
    expected: { error_code: 'shell_error', cause: 'command_not_found', line: 'husky: not found' },
  },
  'npm-development-omitted': {
    tools: ['npm@10', 'npm@11'],
    files: {
      'package.json': { ...site, scripts: { build: 'vite build' }, devDependencies: { vite: '7' } },
      '.npmrc': 'omit=dev\n',
    },
    commands: ['$TOOL install', '$TOOL run build'],
    expected: { error_code: 'shell_error', cause: 'command_not_found', line: 'vite: not found' },
  },
  'npm-clean': {
    tools: NPM,
    files: {
      'package.json': {
        ...withDependencies({ 'is-number': '7.0.0', request: '2.88.2' }),
        scripts: { build: 'node -e "console.warn(\\"warning: 0 errors, nothing failed\\")"' },
      },
    },
    commands: ['$TOOL install', '$TOOL run build'],
    expected: 'none',
  },
  'pnpm-lockfile-out-of-sync': {
    tools: PNPM,
    files: { 'package.json': withDependencies({ 'is-number': '7.0.0' }) },
    before: ['$TOOL install', ADD_DEPENDENCY],
    commands: ['$TOOL install --frozen-lockfile'],
    expected: { error_code: 'pnpm_error', cause: 'lockfile_out_of_sync' },
  },
  'pnpm-lockfile-conflict': {
    tools: [...PNPM, 'pnpm@12'],
    files: {
      'package.json': withDependencies({ 'is-number': '7.0.0' }),
      'pnpm-lock.yaml': CONFLICTING_LOCKFILE,
    },
    commands: ['$TOOL install --frozen-lockfile'],
    expected: { error_code: 'pnpm_error', cause: 'lockfile_incompatible' },
  },
  'pnpm-lockfile-missing': {
    tools: PNPM,
    files: { 'package.json': withDependencies({ 'is-number': '7.0.0' }) },
    commands: ['$TOOL install --frozen-lockfile'],
    expected: { error_code: 'pnpm_error', cause: 'lockfile_missing' },
  },
  'pnpm-version-not-found': {
    tools: PNPM,
    files: { 'package.json': withDependencies({ 'is-number': '99.0.0' }) },
    commands: ['$TOOL install --no-frozen-lockfile'],
    expected: { error_code: 'pnpm_error', cause: 'dependency_version_not_found' },
  },
  'pnpm-package-not-found': {
    tools: PNPM,
    files: { 'package.json': withDependencies({ 'quillwort-does-not-exist': '1.0.0' }) },
    commands: ['$TOOL install --no-frozen-lockfile'],
    expected: { error_code: 'pnpm_error', cause: 'dependency_not_found' },
  },
  'pnpm-missing-script': {
    tools: PNPM,
    files: { 'package.json': site },
    commands: ['$TOOL run build'],
    expected: { error_code: 'pnpm_error', cause: 'script_missing' },
  },
  'pnpm-workspace-package-missing': {
    tools: PNPM,
    files: {
      'package.json': withDependencies({ '@site/ui': 'workspace:*' }),
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
    },
    commands: ['$TOOL install --no-frozen-lockfile'],
    expected: { error_code: 'pnpm_error', cause: 'workspace_error' },
  },
  'pnpm-manifest-missing': {
    tools: PNPM,
    files: { 'readme.md': '' },
    commands: ['$TOOL install'],
    expected: { error_code: 'pnpm_error', cause: 'manifest_not_found' },
  },
  'pnpm-clean': {
    tools: PNPM,
    files: {
      'package.json': {
        ...withDependencies({ 'is-number': '7.0.0', request: '2.88.2' }),
        scripts: { build: 'echo built' },
      },
    },
    commands: ['$TOOL install --no-frozen-lockfile', '$TOOL run build'],
    expected: 'none',
  },
  'yarn-lockfile-out-of-sync': {
    tools: YARN,
    files: { 'package.json': withDependencies({ 'is-number': '7.0.0' }) },
    before: ['$TOOL install', ADD_DEPENDENCY],
    commands: ['$TOOL install --frozen-lockfile'],
    expected: { error_code: 'yarn_error', cause: 'lockfile_out_of_sync' },
  },
  'yarn-version-not-found': {
    tools: YARN,
    files: { 'package.json': withDependencies({ 'is-number': '99.0.0' }) },
    commands: ['$TOOL install --non-interactive'],
    expected: { error_code: 'yarn_error', cause: 'dependency_version_not_found' },
  },
  'yarn-missing-script': {
    tools: YARN,
    files: { 'package.json': site },
    commands: ['$TOOL build'],
    expected: { error_code: 'yarn_error', cause: 'script_missing' },
  },
  'yarn-engine': {
    tools: YARN,
    files: { 'package.json': { ...site, engines: { node: '>=99' } } },
    commands: ['$TOOL install'],
    expected: { error_code: 'yarn_error', cause: 'node_version_incompatible' },
  },
  'berry-lockfile-out-of-sync': {
    tools: BERRY,
    files: { 'package.json': withDependencies({ 'is-number': '7.0.0' }), 'yarn.lock': '' },
    before: ['$TOOL install --no-immutable', ADD_DEPENDENCY],
    commands: ['$TOOL install --immutable'],
    expected: { error_code: 'yarn_error', cause: 'lockfile_out_of_sync' },
  },
  'berry-version-not-found': {
    tools: BERRY,
    files: { 'package.json': withDependencies({ 'is-number': '99.0.0' }), 'yarn.lock': '' },
    commands: ['$TOOL install --no-immutable'],
    expected: { error_code: 'yarn_error', cause: 'dependency_version_not_found' },
  },
  'berry-lockfile-of-newer-yarn': {
    tools: ['@yarnpkg/cli-dist@4.9.1'],
    files: { 'package.json': withDependencies({ 'is-number': '7.0.0' }), 'yarn.lock': '' },
    before: ['npx -y @yarnpkg/cli-dist@4.18.1 install --no-immutable'],
    commands: ['$TOOL install --immutable'],
    expected: { error_code: 'yarn_error', cause: 'lockfile_incompatible', line: '-  version: ' },
  },
  'berry-package-not-found': {
    tools: BERRY,
    files: {
      'package.json': withDependencies({ 'quillwort-does-not-exist': '1.0.0' }),
      'yarn.lock': '',
    },
    commands: ['$TOOL install --no-immutable'],
    expected: {
      error_code: 'yarn_error',
      cause: 'dependency_not_found',
      line: 'quillwort-does-not-exist',
    },
  },
  'berry-missing-script': {
    tools: BERRY,
    files: { 'package.json': site, 'yarn.lock': '' },
    before: ['$TOOL install --no-immutable'],
    commands: ['$TOOL run build'],
    expected: { error_code: 'yarn_error', cause: 'script_missing' },
  },
  'bun-lockfile-out-of-sync': {
    tools: BUN,
    files: { 'package.json': withDependencies({ 'is-number': '7.0.0' }) },
    before: ['$TOOL install', ADD_DEPENDENCY],
    commands: ['$TOOL install --frozen-lockfile'],
    expected: { error_code: 'bun_error', cause: 'lockfile_out_of_sync' },
  },
  'bun-lockfile-of-newer-bun': {
    tools: ['bun@1.2'],
    files: {
      'package.json': withDependencies({ 'is-number': '7.0.0' }),
      'bun.lock': { lockfileVersion: 99, workspaces: { '': { name: 'site' } }, packages: {} },
    },
    commands: ['$TOOL install --frozen-lockfile'],
    expected: { error_code: 'bun_error', cause: 'lockfile_incompatible', line: 'lockfile' },
  },
  'bun-version-not-found': {
    tools: BUN,
    files: { 'package.json': withDependencies({ 'is-number': '99.0.0' }) },
    commands: ['$TOOL install'],
    expected: { error_code: 'bun_error', cause: 'dependency_version_not_found' },
  },
  'bun-package-not-found': {
    tools: BUN,
    files: { 'package.json': withDependencies({ 'quillwort-does-not-exist': '1.0.0' }) },
    commands: ['$TOOL install'],
    expected: { error_code: 'bun_error', cause: 'dependency_not_found' },
  },
  'bun-missing-script': {
    tools: BUN,
    files: { 'package.json': site },
    commands: ['$TOOL run build'],
    expected: { error_code: 'bun_error', cause: 'script_missing' },
  },
}
