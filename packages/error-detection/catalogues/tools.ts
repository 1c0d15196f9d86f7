/**
 * The tools whose error texts are read.
 *
 * @module
 */
import type { CataloguedTool } from './tool.ts'
import { lines, stack, thrown } from './tool.ts'

/** What builds do not run: tests, servers for development, code for browsers. */
const NOT_BUILT = /(?:^|\/)(?:__tests__|tests?|fixtures|docs?|man|client|browser)\/|\.min\./

const tools = {
  npm: {
    name: 'npm',
    registry: 'npm',
    packages: ['npm'],
    files:
      /^(?:lib|node_modules\/(?:@npmcli\/[\w-]+|libnpm\w+|pacote|npm-[\w-]+|cacache|read-package-json-fast|init-package-json)\/lib)\/.*\.js$/,
    not: NOT_BUILT,
    error_codes: ['npm_error'],
    print: ({ code, text }) => [
      ...(code ? [`npm error code ${code}`] : []),
      ...lines(text).map((line) => `npm error ${line}`.trimEnd()),
      'npm error A complete log of this run can be found in: /opt/buildhome/.npm/_logs/2026-12-01T04_09_29_965Z-debug-0.log',
    ],
  },
  pnpm: {
    name: 'pnpm',
    registry: 'npm',
    packages: ['pnpm'],
    // Later ones are compiled.
    newest: '11',
    files: /^dist\/(?:pnpm|worker)\.[cm]?js$/,
    error_codes: ['pnpm_error'],
    print: (message) =>
      message.by === 'PnpmError' && message.code
        ? lines(`[ERR_PNPM_${message.code.replace(/^ERR_PNPM_/, '')}] ${message.text}`)
        : [...lines(`[ERROR] ${message.text}`), ...stack(message)],
  },
  yarn: {
    name: 'Yarn',
    registry: 'npm',
    packages: [
      '@yarnpkg/cli',
      '@yarnpkg/core',
      '@yarnpkg/fslib',
      '@yarnpkg/plugin-essentials',
      '@yarnpkg/plugin-npm',
      '@yarnpkg/plugin-pnp',
      '@yarnpkg/plugin-git',
      '@yarnpkg/plugin-patch',
      '@yarnpkg/plugin-workspace-tools',
      '@yarnpkg/plugin-node-modules',
      '@yarnpkg/plugin-constraints',
    ],
    files: /^lib\/.*\.js$/,
    not: /worker-zip/,
    read: { reporters: /(?:^|\.)reportError(?:Once)?$/ },
    error_codes: ['yarn_error'],
    print: ({ by, text }) =>
      /UsageError$/.test(by)
        ? [...lines(`Usage Error: ${text}`), '', '$ yarn install']
        : [
            '➤ YN0000: ┌ Resolution step',
            ...lines(text).map((line) => `➤ YN0001: │ ${line}`),
            '➤ YN0000: └ Completed in 0s 327ms',
            '➤ YN0000: · Failed with errors in 0s 485ms',
          ],
  },
  wrangler: {
    name: 'Wrangler',
    registry: 'npm',
    packages: ['wrangler'],
    files: /^wrangler-dist\/cli\.js$/,
    error_codes: ['wrangler_error', 'cloudflare_api_error', 'assets_error', 'bundling_error'],
    command: 'wrangler deploy',
    print: ({ text }) => [
      '',
      ' ⛅️ wrangler 4.164.0',
      '────────────────────',
      ...lines(`✘ [ERROR] ${text}`),
      '',
      '🪵  Logs were written to "/opt/buildhome/.config/.wrangler/logs/wrangler-2026-11-22_04-27-05_366.log"',
    ],
  },
  vite: {
    name: 'Vite',
    registry: 'npm',
    packages: ['vite'],
    files: /^dist\/node\/.*\.js$/,
    read: {
      notModules:
        /src\/node\/(?:server|optimizer|ssr|preview|http|watch|shortcuts)|module-?runner|shared\/hmr|src\/client/i,
    },
    error_codes: ['vite_error', 'css_error'],
    command: 'vite build',
    print: (message) => [
      'vite v8.4.0 building client environment for production...',
      'error during build:',
      ...thrown(message),
    ],
  },
  rollup: {
    name: 'Rollup',
    registry: 'npm',
    packages: ['rollup'],
    files: /^dist\/shared\/(?:rollup|parseAst|loadConfigFile)\.js$|^dist\/bin\/rollup$/,
    read: { raised: /\b(?:error|getRollupError)\((?:\w+\.)?(log\w+)\(/g },
    error_codes: ['bundler_error', 'vite_error'],
    command: 'rollup -c',
    print: ({ by, text }) => [
      '',
      'src/main.js → dist/out.js...',
      ...lines(`[!] ${by === 'message' ? 'RollupError' : 'Error'}: ${text}`),
      'src/main.js (1:9)',
    ],
  },
  rolldown: {
    name: 'Rolldown',
    registry: 'npm',
    packages: ['rolldown'],
    files: /^dist\/.*\.mjs$/,
    error_codes: ['bundler_error', 'vite_error'],
    command: 'rolldown -c',
    print: (message) => thrown(message),
  },
  esbuild: {
    name: 'esbuild',
    registry: 'go',
    packages: ['github.com/evanw/esbuild'],
    files: /^(?:internal|pkg|cmd)\/.*\.go$/,
    not: /_test\.go$|unicode|internal\/test/,
    error_codes: ['esbuild_error'],
    command: 'esbuild src/main.js --bundle',
    print: ({ text }) => [
      ...lines(`✘ [ERROR] ${text}`),
      '',
      '    src/main.js:1:7:',
      "      1 │ import './a.js'",
      '        ╵        ~~~~~~~~',
      '',
      '1 error',
    ],
  },
  webpack: {
    name: 'webpack',
    registry: 'npm',
    packages: ['webpack'],
    files: /^(?:lib|schemas)\/.*\.js$/,
    not: /\.check\.js$/,
    error_codes: ['webpack_error'],
    command: 'webpack',
    print(message) {
      const [first = '', ...others] = thrown(message)
      return [`[webpack-cli] ${first}`, ...others]
    },
  },
  next: {
    name: 'Next.js',
    registry: 'npm',
    packages: ['next'],
    files: /^dist\/(?:build|server|lib|cli|export|shared|bin|trace|telemetry)\/.*\.js$/,
    not: /\.min\.|\/dev\/|dev-bundler|dev-overlay|next-(?:dev|upgrade|telemetry|info)|upgrade|analy[sz]e|\/mcp\//,
    error_codes: ['next_error', 'css_error'],
    command: 'next build',
    print: (message) => [
      '▲ Next.js 16.4.6 (Turbopack)',
      '',
      '  Creating an optimized production build ...',
      ...(/Error$/.test(message.by)
        ? ['', '> Build error occurred', ...thrown(message)]
        : lines(` ⨯ ${message.text}`)),
    ],
  },
  astro: {
    name: 'Astro',
    registry: 'npm',
    packages: ['astro', '@astrojs/internal-helpers', '@astrojs/markdown-remark'],
    files: /^dist\/.*\.js$/,
    not: /runtime\/client|dev-toolbar|vite-plugin-(?:astro-server|hmr)|cli\/(?:add|create-key|docs|preferences|dev|preview|telemetry|background)|core\/(?:dev|preview)\/|\/vendor\//,
    error_codes: ['astro_error'],
    command: 'astro build',
    print: (message) => [
      '12:00:00 [build] Building server entrypoints...',
      ...lines(
        message.by === 'message' || /AstroError$/.test(message.by)
          ? `[${message.code ?? 'AstroError'}] ${message.text}`
          : message.text,
      ),
      '  Stack trace:',
      ...stack(message),
    ],
  },
  nuxt: {
    name: 'Nuxt',
    registry: 'npm',
    packages: [
      'nuxt',
      '@nuxt/kit',
      '@nuxt/schema',
      '@nuxt/vite-builder',
      '@nuxt/nitro-server',
      '@nuxt/cli',
    ],
    files: /^dist\/.*\.m?js$/,
    not: /dist\/(?:app|head|pages\/runtime)\//,
    read: { raised: /\bthrow \w+\.(NUXT_\w+)\(|(NUXT_\w+)\([^;]{0,400}method: ['"]error['"]/g },
    error_codes: ['nuxt_error'],
    command: 'nuxt build',
    print: (message) => [
      '[nuxi] Nuxt 4.5.2 with Nitro 2.13.0',
      '',
      ...lines(
        ` ERROR  ${message.code?.startsWith('NUXT_') ? `[${message.code}] ` : ''}${message.text}`,
      ),
      '',
      ...stack(message),
    ],
  },
  kit: {
    name: 'SvelteKit',
    registry: 'npm',
    packages: [
      '@sveltejs/kit',
      '@sveltejs/adapter-cloudflare',
      '@sveltejs/adapter-auto',
      '@sveltejs/adapter-static',
    ],
    files: /^(?:src\/.*|files\/.*|index)\.js$/,
    not: /runtime\/client\/|client-(?:errors|warnings)/,
    read: { reporters: /^throw_error$/ },
    error_codes: ['sveltekit_error'],
    command: 'vite build',
    print: (message) => [
      'vite v8.4.0 building ssr environment for production...',
      'transforming...',
      'error during build:',
      ...(message.by === 'throw_error'
        ? [
            `SvelteKit error: ${message.code}`,
            ...lines(message.text),
            `https://svelte.dev/e/kit/${message.code}`,
            ...stack(message),
          ]
        : thrown(message)),
    ],
  },
  svelte: {
    name: 'Svelte',
    registry: 'npm',
    packages: ['svelte', '@sveltejs/vite-plugin-svelte'],
    files: /^src\/.*\.js$/,
    not: /internal\/client\//,
    read: { reporters: /^e$/ },
    error_codes: ['sveltekit_error', 'vite_error'],
    command: 'vite build',
    print: ({ text }) => [
      'error during build:',
      ...lines(`[vite-plugin-svelte] [plugin vite-plugin-svelte] src/App.svelte (1:2): ${text}`),
    ],
  },
  typescript: {
    name: 'TypeScript',
    registry: 'npm',
    packages: ['typescript', '@typescript/typescript-linux-x64'],
    files: /^lib\/(?:_tsc\.js|tsc)$/,
    error_codes: ['typescript_error'],
    command: 'tsc',
    print: ({ code, text }) => lines(`src/a.ts(1,7): error ${code}: ${text}`),
  },
} satisfies Record<string, CataloguedTool>

export const CATALOGUED: Readonly<Record<string, CataloguedTool>> = tools
