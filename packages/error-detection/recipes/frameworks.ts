import type { Recipes } from './recipe.ts'

const next = (version: string, files: Record<string, string>) => ({
  'package.json': {
    name: 'site',
    private: true,
    scripts: { build: 'next build' },
    dependencies: { next: version, react: '19', 'react-dom': '19' },
    devDependencies: { typescript: '5', '@types/node': '22', '@types/react': '19' },
  },
  'app/layout.tsx':
    'export default function Layout({ children }) { return <html><body>{children}</body></html> }\n',
  'tsconfig.json': '{ "compilerOptions": { "strict": false, "jsx": "preserve" } }',
  ...files,
})

const astro = (files: Record<string, string>) => ({
  'package.json': {
    name: 'site',
    private: true,
    type: 'module',
    scripts: { build: 'astro build' },
    dependencies: { astro: '5' },
  },
  ...files,
})

const INSTALL = ['npm install --no-audit --no-fund --legacy-peer-deps']

const sveltekit = (files: Record<string, string>) => ({
  'package.json': {
    name: 'site',
    private: true,
    type: 'module',
    scripts: { build: 'vite build' },
    devDependencies: {
      '@sveltejs/kit': '2',
      '@sveltejs/adapter-static': '3',
      '@sveltejs/vite-plugin-svelte': '6',
      svelte: '5',
      vite: '7',
    },
  },
  'vite.config.js':
    "import { sveltekit } from '@sveltejs/kit/vite'\nexport default { plugins: [sveltekit()] }\n",
  'svelte.config.js':
    "import adapter from '@sveltejs/adapter-static'\nexport default { kit: { adapter: adapter() } }\n",
  'src/app.html':
    '<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n',
  'src/routes/+layout.js': 'export const prerender = true\n',
  'src/routes/+page.svelte': '<p>a</p>\n',
  ...files,
})

export const frameworks: Recipes = {
  'next-type-error': {
    tools: ['next@15'],
    files: next('$VERSION', {
      'app/page.tsx':
        'const x: number = "a"\nexport default function Page() { return <p>{x}</p> }\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'next_error', cause: 'type_error' },
  },
  'next-tsc-error': {
    tools: ['next@16'],
    files: next('$VERSION', {
      'app/page.tsx':
        'const x: number = "a"\nexport default function Page() { return <p>{x}</p> }\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'typescript_error', cause: 'type_error' },
  },
  'next-module-not-found': {
    tools: ['next@15', 'next@16'],
    files: next('$VERSION', {
      'app/page.tsx':
        "import x from '../lib/missing'\nexport default function Page() { return <p>{x}</p> }\n",
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'webpack_error', cause: 'module_not_found' },
  },
  'next-prerender': {
    tools: ['next@15', 'next@16'],
    files: next('$VERSION', {
      'app/page.tsx': 'export default function Page() { return <p>{window.location.href}</p> }\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'next_error', cause: 'prerender_failed' },
  },
  'next-server-module': {
    tools: ['next@16'],
    files: next('$VERSION', {
      'app/page.tsx':
        '"use client"\nimport fs from "node:fs"\nexport default function Page() { return <p>{fs.readFileSync("a", "utf8")}</p> }\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'next_error', cause: 'framework_misuse', line: 'node:fs' },
  },
  'next-hook-on-server': {
    tools: ['next@15', 'next@16'],
    files: next('$VERSION', {
      'app/page.tsx':
        'import { useState } from "react"\nexport default function Page() { return <p>{useState(0)[0]}</p> }\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'next_error', cause: 'framework_misuse', line: 'useState' },
  },
  'next-no-app': {
    tools: ['next@15', 'next@16'],
    files: {
      'package.json': {
        name: 'site',
        private: true,
        scripts: { build: 'next build' },
        dependencies: { next: '$VERSION', react: '19', 'react-dom': '19' },
      },
    },
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'next_error', cause: 'root_directory_not_found' },
  },
  'next-clean': {
    tools: ['next@15', 'next@16'],
    files: next('$VERSION', {
      'app/page.tsx':
        'export default function Page() { console.error("Error: only said while building"); return <p>a</p> }\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: 'none',
  },
  'astro-import-missing': {
    tools: ['astro@5'],
    files: astro({
      'src/pages/index.astro': "---\nimport A from '../components/Missing.astro'\n---\n<A />\n",
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'vite_error', cause: 'module_not_found' },
  },
  'astro-no-adapter': {
    tools: ['astro@5'],
    files: astro({
      'src/pages/index.astro': '---\nexport const prerender = false\n---\n<p>a</p>\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'astro_error', cause: 'adapter_missing' },
  },
  'astro-exception': {
    tools: ['astro@5'],
    files: astro({
      'src/pages/index.astro': '---\nconst posts = undefined\n---\n<p>{posts.map((p) => p)}</p>\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'node_error', cause: 'javascript_api_misuse' },
  },
  'astro-page-network': {
    tools: ['astro@5'],
    files: astro({
      'src/pages/index.astro':
        "---\nconst posts = await fetch('http://127.0.0.1:1').then((r) => r.json())\n---\n<p>{posts}</p>\n",
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'node_error', cause: 'network_error' },
  },
  'astro-page-throws': {
    tools: ['astro@5'],
    files: astro({
      'src/pages/index.astro': "---\nthrow new Error('Quillwort is closed')\n---\n<p>a</p>\n",
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'astro_error', cause: 'prerender_failed' },
  },
  'astro-endpoint': {
    tools: ['astro@5'],
    files: astro({ 'src/pages/x.json.ts': 'export const GET = () => ({ a: 1 })\n' }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'astro_error', cause: 'framework_misuse' },
  },
  'astro-parameter-missing': {
    tools: ['astro@5'],
    files: astro({
      'src/pages/[slug].astro':
        '---\nexport const getStaticPaths = () => [{ params: { other: 1 } }]\n---\n<p>a</p>\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'astro_error', cause: 'framework_misuse' },
  },
  'sveltekit-app-html': {
    tools: ['sveltekit@2'],
    files: sveltekit({
      'src/routes/+page.svelte': '<p>a</p>\n',
      'src/app.html': '<body>%sveltekit.body%</body>\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'sveltekit_error', cause: 'framework_misuse' },
  },
  'sveltekit-prerender-link': {
    tools: ['sveltekit@2'],
    files: sveltekit({ 'src/routes/+page.svelte': '<a href="/missing">a</a>\n' }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'sveltekit_error', cause: 'prerender_failed' },
  },
  'sveltekit-route-export': {
    tools: ['sveltekit@2'],
    files: sveltekit({
      'src/routes/+page.js': 'export const foo = 1\nexport const load = () => ({})\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'sveltekit_error', cause: 'framework_misuse' },
  },
  'docusaurus-broken-link': {
    tools: ['docusaurus@3'],
    files: {
      'package.json': {
        name: 'site',
        private: true,
        scripts: { build: 'docusaurus build' },
        dependencies: {
          '@docusaurus/core': '3',
          '@docusaurus/preset-classic': '3',
          react: '19',
          'react-dom': '19',
        },
      },
      'docusaurus.config.js':
        "export default { title: 'a', url: 'https://site.example', baseUrl: '/', presets: [['classic', { blog: false }]] }\n",
      'docs/a.md': '---\nslug: /\n---\n[b](/missing)\n',
    },
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'docs_site_error', cause: 'content_invalid', line: 'linking to /' },
  },
  'astro-clean': {
    tools: ['astro@5'],
    files: astro({
      'src/pages/index.astro':
        '---\nconsole.error("Error: only said while building")\n---\n<p>a</p>\n',
    }),
    before: INSTALL,
    commands: ['npm run build'],
    expected: 'none',
  },
}
