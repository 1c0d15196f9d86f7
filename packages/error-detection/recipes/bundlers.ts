import type { Recipes } from './recipe.ts'

const VITE = ['vite@5', 'vite@6', 'vite@7', 'vite@8']
const HTML = '<!doctype html><script type="module" src="/src/main.js"></script>'

const vite = (files: Record<string, string>) => ({
  'package.json': { name: 'site', private: true, type: 'module' },
  'index.html': HTML,
  ...files,
})

const tailwind = (files: Record<string, string>) => ({
  'package.json': {
    name: 'site',
    private: true,
    type: 'module',
    devDependencies: { tailwindcss: '4', '@tailwindcss/vite': '4', vite: '$VERSION' },
  },
  'index.html': HTML,
  'src/main.js': "import './style.css'\n",
  ...files,
})

export const bundlers: Recipes = {
  'vite-unresolved-import': {
    tools: VITE,
    files: vite({ 'src/main.js': "import dayjs from 'dayjs'\nconsole.log(dayjs())\n" }),
    commands: ['$TOOL build'],
    expected: { error_code: 'vite_error', cause: 'module_not_found' },
  },
  'vite-missing-file': {
    tools: VITE,
    files: vite({ 'src/main.js': "import './missing.js'\n" }),
    commands: ['$TOOL build'],
    expected: { error_code: 'vite_error', cause: 'module_not_found' },
  },
  'vite-missing-export': {
    tools: VITE,
    files: vite({
      'src/main.js': "import { gone } from './other.js'\nconsole.log(gone)\n",
      'src/other.js': 'export const here = 1\n',
    }),
    commands: ['$TOOL build'],
    expected: { error_code: 'vite_error', cause: 'missing_export' },
  },
  'vite-syntax-error': {
    tools: VITE,
    files: vite({ 'src/main.js': 'const = 1\n' }),
    commands: ['$TOOL build'],
    expected: { error_code: 'vite_error', cause: 'syntax_error' },
  },
  'vite-typescript-syntax-error': {
    tools: ['vite@5', 'vite@6', 'vite@7'],
    files: {
      ...vite({ 'src/main.ts': 'export const site = {\n  name: = 1,\n}\n' }),
      'index.html': HTML.replace('main.js', 'main.ts'),
    },
    commands: ['$TOOL build'],
    expected: { error_code: 'vite_error', cause: 'syntax_error', line: 'src/main.ts:2:8: ERROR' },
  },
  'vite-sass-missing': {
    tools: VITE,
    files: vite({
      'src/main.js': "import './style.scss'\n",
      'src/style.scss': 'a { color: red }\n',
    }),
    commands: ['$TOOL build'],
    expected: { error_code: 'vite_error', cause: 'module_not_found', line: 'sass' },
  },
  'vite-alias': {
    tools: VITE,
    files: vite({ 'src/main.js': "import { x } from '@/lib/x'\nconsole.log(x)\n" }),
    commands: ['$TOOL build'],
    expected: { error_code: 'vite_error', cause: 'module_not_found', line: '@/lib/x' },
  },
  'vite-clean': {
    tools: VITE,
    files: vite({
      'src/main.js': "import './style.css'\nconsole.error('Error: only a string')\n",
      'src/style.css': 'a { color: red }\n',
    }),
    commands: ['$TOOL build'],
    expected: 'none',
  },
  'rollup-unresolved-entry': {
    tools: ['rollup@3', 'rollup@4'],
    files: { 'package.json': { type: 'module' }, 'readme.md': '' },
    commands: ['$TOOL --input src/missing.js --file out.js'],
    expected: { error_code: 'vite_error', cause: 'module_not_found' },
  },
  'rollup-missing-export': {
    tools: ['rollup@3', 'rollup@4'],
    files: {
      'package.json': { type: 'module' },
      'a.js': "import { gone } from './b.js'\ngone()\n",
      'b.js': 'export const here = 1\n',
    },
    commands: ['$TOOL --input a.js --file out.js'],
    expected: { error_code: 'vite_error', cause: 'missing_export' },
  },
  'esbuild-unresolved': {
    tools: ['esbuild@0.19', 'esbuild@0.25'],
    files: { 'a.js': "import './missing.js'\n" },
    commands: ['$TOOL a.js --bundle --outfile=out.js'],
    expected: { error_code: 'wrangler_error', cause: 'module_not_found' },
  },
  'esbuild-missing-export': {
    tools: ['esbuild@0.19', 'esbuild@0.25'],
    files: { 'a.js': "import { gone } from './b.js'\ngone()\n", 'b.js': 'export const here = 1\n' },
    commands: ['$TOOL a.js --bundle --outfile=out.js'],
    expected: { error_code: 'wrangler_error', cause: 'missing_export' },
  },
  'esbuild-syntax-error': {
    tools: ['esbuild@0.19', 'esbuild@0.25'],
    files: { 'a.js': 'const x = {\n' },
    commands: ['$TOOL a.js --bundle --outfile=out.js'],
    expected: { error_code: 'wrangler_error', cause: 'syntax_error' },
  },
  'esbuild-clean': {
    tools: ['esbuild@0.25'],
    files: { 'a.js': "if (typeof x == 'nul') console.log('fatal error: failed')\n" },
    commands: ['$TOOL a.js --bundle --outfile=out.js'],
    expected: 'none',
  },
  'webpack-unresolved': {
    tools: ['webpack@5'],
    files: {
      'package.json': {
        name: 'site',
        private: true,
        devDependencies: { webpack: '5', 'webpack-cli': '6' },
      },
      'src/index.js': "import './missing.js'\n",
    },
    before: ['npm install'],
    commands: ['npx webpack --mode production'],
    expected: { error_code: 'webpack_error', cause: 'module_not_found' },
  },
  'webpack-syntax-error': {
    tools: ['webpack@5'],
    files: {
      'package.json': {
        name: 'site',
        private: true,
        devDependencies: { webpack: '5', 'webpack-cli': '6' },
      },
      'src/index.js': 'const = 1\n',
    },
    before: ['npm install'],
    commands: ['npx webpack --mode production'],
    expected: { error_code: 'webpack_error', cause: 'syntax_error' },
  },
  'tailwind-vite-unknown-class': {
    tools: ['vite@7', 'vite@8'],
    files: tailwind({
      'vite.config.js':
        "import tailwindcss from '@tailwindcss/vite'\nexport default { plugins: [tailwindcss()] }\n",
      'src/style.css': '@import "tailwindcss";\n.a { @apply bg-quillwort-500; }\n',
    }),
    before: ['npm install --no-audit --no-fund'],
    commands: ['npx vite build'],
    expected: { error_code: 'css_error', cause: 'css_error', line: 'bg-quillwort-500' },
  },
  'tailwind-postcss-moved': {
    tools: ['vite@7', 'vite@8'],
    files: tailwind({
      'postcss.config.js': 'export default { plugins: { tailwindcss: {} } }\n',
      'src/style.css': '@tailwind base;\n',
    }),
    before: ['npm install --no-audit --no-fund'],
    commands: ['npx vite build'],
    expected: { error_code: 'css_error', cause: 'config_invalid', line: '@tailwindcss/postcss' },
  },
  'sass-missing-import': {
    tools: ['sass@1'],
    files: { 'a.scss': "@use 'missing';\n" },
    commands: ['$TOOL a.scss out.css'],
    expected: { error_code: 'css_error', cause: 'css_error' },
  },
  'tailwind-unknown-class': {
    tools: ['tailwindcss@3'],
    files: {
      'a.css': '@tailwind base;\n.a { @apply quillwort-border; }\n',
      'tailwind.config.js': 'module.exports = { content: [] }\n',
    },
    commands: ['$TOOL -i a.css -o out.css'],
    expected: { error_code: 'css_error', cause: 'css_error' },
  },
}
