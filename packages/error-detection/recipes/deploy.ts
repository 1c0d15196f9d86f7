import type { Recipes } from './recipe.ts'

const WRANGLER = ['wrangler@3', 'wrangler@4']
const CONFIG = 'name = "site"\nmain = "src/index.js"\ncompatibility_date = "2025-01-01"\n'

export const deploy: Recipes = {
  'wrangler-could-not-resolve': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': CONFIG,
      'src/index.js':
        "import balance from './balance'\nexport default { fetch: () => new Response(balance) }\n",
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'module_not_found' },
  },
  'wrangler-no-matching-export': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': CONFIG,
      'src/index.js':
        "import { gone } from './other'\nexport default { fetch: () => new Response(gone) }\n",
      'src/other.js': 'export const here = 1\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'missing_export' },
  },
  'wrangler-syntax-error': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': CONFIG,
      'src/index.js': 'export default { fetch: () => new Response("a) }\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'syntax_error' },
  },
  'wrangler-missing-entry-point': {
    tools: ['wrangler@3'],
    files: { 'readme.md': '' },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'entry_point_missing' },
  },
  'wrangler-entry-point-not-found': {
    tools: WRANGLER,
    files: { 'wrangler.toml': CONFIG },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'entry_point_not_found' },
  },
  'wrangler-config-invalid': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': `${CONFIG}kv_namespaces = [{ id = 3 }]\n`,
      'src/index.js': 'export default {}\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'config_invalid' },
  },
  'wrangler-compatibility-date': {
    tools: WRANGLER,
    files: {
      'wrangler.jsonc': {
        name: 'site',
        main: 'src/index.js',
        compatibility_date: '2026-13-01',
      },
      'src/index.js': 'export default {}\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'config_invalid', line: '"2026-13-01"' },
  },
  'wrangler-kv-id': {
    tools: WRANGLER,
    files: {
      'wrangler.jsonc': {
        name: 'site',
        main: 'src/index.js',
        compatibility_date: '2025-01-01',
        kv_namespaces: [{ binding: 'CACHE', id: '' }],
      },
      'src/index.js': 'export default {}\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'config_invalid', line: '"kv_namespaces[0]"' },
  },
  'wrangler-configuration-syntax': {
    tools: WRANGLER,
    files: {
      'wrangler.jsonc': '{\n  "name": "site"\n  "main": "src/index.js"\n}\n',
      'src/index.js': 'export default {}\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'config_invalid', line: 'CommaExpected' },
  },
  'wrangler-durable-object-missing': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': `${CONFIG}[[durable_objects.bindings]]\nname = "ROOM"\nclass_name = "Room"\n[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["Room"]\n`,
      'src/index.js': 'export default { fetch: () => new Response("a") }\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'durable_object_migration', line: 'Room' },
  },
  'wrangler-asset-too-large': {
    tools: ['wrangler@4'],
    files: {
      'wrangler.toml':
        'name = "site"\ncompatibility_date = "2025-01-01"\n[assets]\ndirectory = "./dist"\n',
      'dist/index.html': 'a',
    },
    before: ['head -c 28311552 /dev/zero > dist/film.mp4'],
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'asset_too_large', line: 'film.mp4' },
  },
  'wrangler-old-node': {
    tools: ['wrangler@4'],
    files: { 'wrangler.toml': CONFIG, 'src/index.js': 'export default {}\n' },
    commands: ['npx -p $TOOL -p node@18 wrangler deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'node_version_incompatible', line: 'v22' },
  },
  'wrangler-assets-missing': {
    tools: WRANGLER,
    files: {
      'wrangler.toml':
        'name = "site"\ncompatibility_date = "2025-01-01"\n[assets]\ndirectory = "./dist"\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'output_directory_not_found' },
  },
  'wrangler-unknown-argument': {
    tools: WRANGLER,
    files: { 'wrangler.toml': CONFIG, 'src/index.js': 'export default {}\n' },
    commands: ['$TOOL deploy --dry-run --uplaod'],
    expected: { error_code: 'wrangler_error', cause: 'invalid_command' },
  },
  'wrangler-no-token': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': CONFIG,
      'src/index.js': 'export default { fetch: () => new Response("a") }\n',
    },
    commands: ['$TOOL secret list'],
    expected: { error_code: 'wrangler_error', cause: 'api_token_missing' },
  },
  'wrangler-imported-file-missing': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': CONFIG,
      'src/index.js':
        "import module from './gone.wasm'\nexport default { fetch: () => new Response(module) }\n",
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'module_not_found' },
  },
  'wrangler-custom-build': {
    tools: ['wrangler@4'],
    files: {
      'wrangler.toml': `${CONFIG}[build]\ncommand = "exit 3"\n`,
      'src/index.js': 'export default { fetch: () => new Response("a") }\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: { error_code: 'wrangler_error', cause: 'script_failed' },
  },
  'wrangler-only-warned': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': `mainn = "src/index.js"\n${CONFIG}`,
      'src/index.js': 'export default { fetch: () => new Response("a") }\n',
    },
    commands: ['$TOOL deploy --dry-run --env production'],
    expected: 'none',
  },
  'wrangler-clean': {
    tools: WRANGLER,
    files: {
      'wrangler.toml': CONFIG,
      'src/index.js':
        'if (false) throw new Error("failed")\nexport default { fetch: () => new Response("a") }\n',
    },
    commands: ['$TOOL deploy --dry-run'],
    expected: 'none',
  },
}
