import type { Recipes } from './recipe.ts'

export const languages: Recipes = {
  'tsc-type-error': {
    tools: ['typescript@4', 'typescript@5', 'typescript@6'],
    files: { 'a.ts': 'const x: number = "a"\nexport { x }\n' },
    commands: ['npx -p $TOOL tsc --noEmit a.ts'],
    expected: { error_code: 'typescript_error', cause: 'type_error' },
  },
  'tsc-module-not-found': {
    tools: ['typescript@4', 'typescript@5', 'typescript@6'],
    files: { 'a.ts': "import { x } from './missing'\nconsole.log(x)\n" },
    commands: ['npx -p $TOOL tsc --noEmit a.ts'],
    expected: { error_code: 'typescript_error', cause: 'module_not_found' },
  },
  'tsc-import-case': {
    tools: ['typescript@5', 'typescript@6'],
    files: {
      'main.ts': "import { app } from './app'\nconsole.log(app)\n",
      'App.ts': 'export const app = 1\n',
    },
    commands: ['npx -p $TOOL tsc --noEmit main.ts'],
    expected: { error_code: 'typescript_error', cause: 'module_not_found', line: "'./app'" },
  },
  'tsc-node-types': {
    tools: ['typescript@5', 'typescript@6'],
    files: { 'a.ts': 'export const url = process.env.API_URL\n' },
    commands: ['npx -p $TOOL tsc --noEmit a.ts'],
    expected: { error_code: 'typescript_error', cause: 'type_error', line: '@types/node' },
  },
  'tsc-generated-client': {
    tools: ['typescript@5', 'typescript@6'],
    files: { 'a.ts': "import { x } from './generated/prisma/client'\nconsole.log(x)\n" },
    commands: ['npx -p $TOOL tsc --noEmit a.ts'],
    expected: {
      error_code: 'typescript_error',
      cause: 'client_not_generated',
      line: './generated/prisma/client',
    },
  },
  'tsc-config': {
    tools: ['typescript@5'],
    files: { 'tsconfig.json': { extends: './missing.json' } },
    commands: ['npx -p $TOOL tsc'],
    expected: { error_code: 'typescript_error', cause: 'config_invalid' },
  },
  'node-module-not-found': {
    tools: ['node@18', 'node@20', 'node@24'],
    files: { 'a.mjs': "import 'dotenv'\n" },
    commands: ['npx -p $TOOL node a.mjs'],
    expected: { error_code: 'node_error', cause: 'module_not_found' },
  },
  'node-require-not-found': {
    tools: ['node@18', 'node@24'],
    files: { 'a.cjs': "require('./missing')\n" },
    commands: ['npx -p $TOOL node a.cjs'],
    expected: { error_code: 'node_error', cause: 'module_not_found' },
  },
  'node-esm-in-commonjs': {
    tools: ['node@18'],
    files: {
      'package.json': { name: 'site' },
      'a.js': "import fs from 'node:fs'\nconsole.log(fs)\n",
    },
    commands: ['npx -p $TOOL node a.js'],
    expected: { error_code: 'node_error', cause: 'module_format_mismatch' },
  },
  'node-heap': {
    tools: ['node@20', 'node@24'],
    files: { 'a.js': 'const all = []\nfor (;;) all.push(new Array(1000).fill(Math.random()))\n' },
    commands: ['npx -p $TOOL node --max-old-space-size=32 a.js'],
    expected: { error_code: 'node_error', cause: 'out_of_memory' },
  },
  'node-local-service': {
    tools: ['node@20', 'node@24'],
    files: { 'a.js': "require('node:net').connect(5999, '127.0.0.1')\n" },
    commands: ['npx -p $TOOL node a.js'],
    expected: { error_code: 'node_error', cause: 'local_service_missing', line: '127.0.0.1:5999' },
  },
  'node-not-defined': {
    tools: ['node@24'],
    files: { 'a.js': 'console.log(window.location)\n' },
    commands: ['npx -p $TOOL node a.js'],
    expected: { error_code: 'node_error', cause: 'undefined_reference' },
  },
  'eslint-error': {
    tools: ['eslint@8', 'eslint@9'],
    files: {
      'eslint.config.js': "module.exports = [{ rules: { 'no-unused-vars': 'error' } }]\n",
      '.eslintrc.json': { root: true, env: { es2022: true }, rules: { 'no-unused-vars': 'error' } },
      'a.js': 'const unused = 1\n',
    },
    commands: ['ESLINT_USE_FLAT_CONFIG= $TOOL a.js'],
    expected: { error_code: 'lint_error', cause: 'lint_error' },
  },
  'eslint-no-config': {
    tools: ['eslint@8', 'eslint@9'],
    files: { 'a.js': 'const unused = 1\n' },
    commands: ['$TOOL a.js'],
    expected: { error_code: 'lint_error', cause: 'lint_config_invalid' },
  },
  'prettier-check': {
    tools: ['prettier@2', 'prettier@3'],
    files: { 'a.js': 'const   x=1' },
    commands: ['$TOOL --check a.js'],
    expected: { error_code: 'lint_error', cause: 'formatting_error' },
  },
  'vitest-failed': {
    tools: ['vitest@2', 'vitest@3'],
    files: {
      'a.spec.js': "import { expect, test } from 'vitest'\ntest('adds', () => expect(1).toBe(2))\n",
      'package.json': { name: 'site', type: 'module', private: true },
    },
    before: ['npm install --save-dev $TOOL'],
    commands: ['npx vitest run'],
    expected: { error_code: 'test_error', cause: 'test_failed' },
  },
  'vitest-coverage': {
    tools: ['vitest@3'],
    files: {
      'a.js':
        'export const add = (a, b) => a + b\nexport const subtract = (a, b) => {\n  return a - b\n}\n',
      'a.spec.js':
        "import { expect, test } from 'vitest'\nimport { add } from './a.js'\ntest('adds', () => expect(add(1, 1)).toBe(2))\n",
      'package.json': { name: 'site', type: 'module', private: true },
    },
    before: ['npm install --save-dev $TOOL @vitest/coverage-v8@3'],
    commands: ['npx vitest run --coverage --coverage.thresholds.lines=90'],
    expected: { error_code: 'test_error', cause: 'test_failed', line: '(90%)' },
  },
  'shell-line-endings': {
    tools: ['sh', 'bash'],
    files: { 'scripts/build.sh': '#!/bin/sh\r\necho built\r\n' },
    before: ['chmod +x scripts/build.sh'],
    commands: ['$TOOL_SHELL -c ./scripts/build.sh'],
    expected: { error_code: 'shell_error', cause: 'line_endings', line: './scripts/build.sh' },
  },
  'shell-windows-command': {
    tools: ['sh', 'bash'],
    files: { 'build.sh': 'copy a b\n' },
    commands: ['$TOOL_SHELL build.sh'],
    expected: { error_code: 'shell_error', cause: 'command_not_found', line: 'copy' },
  },
  'shell-program-missing': {
    tools: ['sh', 'bash'],
    files: { 'build.sh': 'hugo --minify\n' },
    commands: ['$TOOL_SHELL build.sh'],
    expected: { error_code: 'shell_error', cause: 'command_not_found', line: 'hugo' },
  },
  'shell-not-found': {
    tools: ['sh', 'bash'],
    files: { 'build.sh': 'quillwort-build --prod\n' },
    commands: ['$TOOL_SHELL build.sh'],
    expected: { error_code: 'shell_error', cause: 'command_not_found' },
  },
  'shell-not-executable': {
    tools: ['sh', 'bash'],
    files: { 'build.sh': 'echo built\n' },
    commands: ['$TOOL_SHELL -c ./build.sh'],
    expected: { error_code: 'shell_error', cause: 'permission_denied' },
  },
  'git-repository-missing': {
    tools: ['git'],
    files: { 'readme.md': '' },
    commands: ['git clone ./missing copy'],
    expected: { error_code: 'git_error', cause: 'repository_not_found' },
  },
  'git-branch-missing': {
    tools: ['git'],
    files: { 'readme.md': '' },
    before: [
      'git init -q origin',
      'cd origin && git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m first',
    ],
    commands: ['git clone --branch missing ./origin copy'],
    expected: { error_code: 'git_error', cause: 'git_ref_not_found' },
  },
  'git-submodule-without-url': {
    tools: ['git'],
    files: { 'readme.md': '' },
    before: [
      'git init -q .',
      'git update-index --add --cacheinfo 160000,1234567890123456789012345678901234567890,themes/x',
    ],
    commands: ['git submodule update --init'],
    expected: { error_code: 'git_error', cause: 'git_submodule_failed' },
  },
  'python-module-not-found': {
    tools: ['python3'],
    files: { 'a.py': 'import quillwort\n' },
    commands: ['python3 a.py'],
    expected: { error_code: 'python_error', cause: 'module_not_found' },
  },
  'python-user-without-name': {
    tools: ['python3'],
    files: { 'a.py': 'import pwd\nprint(pwd.getpwuid(987654).pw_name)\n' },
    commands: ['python3 a.py'],
    expected: { error_code: 'python_error', cause: 'exception' },
  },
  'python-requirements-missing': {
    tools: ['python3'],
    files: { 'readme.md': '' },
    commands: ['python3 -m pip install -r requirements.txt'],
    expected: { error_code: 'pip_error', cause: 'manifest_invalid' },
  },
}
