import type { Recipes } from './recipe.ts'

const INSTALL = ['npm install --no-audit --no-fund --legacy-peer-deps']

/** Builds that lack a variable, each in the way in which another tool notices it. */
export const environment: Recipes = {
  'zod-variable-missing': {
    tools: ['zod@3', 'zod@4'],
    files: {
      'package.json': { name: 'site', private: true, type: 'module' },
      'env.js':
        "import { z } from 'zod'\nz.object({ DATABASE_URL: z.string(), API_KEY: z.string() }).parse(process.env)\n",
    },
    before: ['npm install --save-dev $TOOL'],
    commands: ['node env.js'],
    expected: {
      error_code: 'environment_error',
      cause: 'env_var_missing',
      line: 'DATABASE_URL',
    },
  },
  'sveltekit-variable-missing': {
    tools: ['sveltekit@2'],
    files: {
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
      'src/routes/+page.server.js':
        "import { DATABASE_URL } from '$env/static/private'\nexport const load = () => ({ url: DATABASE_URL })\n",
      'src/routes/+page.svelte': '<p>a</p>\n',
    },
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'sveltekit_error', cause: 'env_var_missing', line: 'DATABASE_URL' },
  },
  'astro-variable-missing': {
    tools: ['astro@5'],
    files: {
      'package.json': {
        name: 'site',
        private: true,
        type: 'module',
        scripts: { build: 'astro build' },
        dependencies: { astro: '5' },
      },
      'astro.config.mjs':
        "import { defineConfig, envField } from 'astro/config'\nexport default defineConfig({ env: { schema: { API_URL: envField.string({ context: 'client', access: 'public' }) } } })\n",
      'src/pages/index.astro':
        "---\nimport { API_URL } from 'astro:env/client'\n---\n<p>{API_URL}</p>\n",
    },
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'astro_error', cause: 'env_var_missing', line: 'API_URL' },
  },
  'next-variable-missing': {
    tools: ['next@15', 'next@16'],
    files: {
      'package.json': {
        name: 'site',
        private: true,
        scripts: { build: 'next build' },
        dependencies: { next: '$VERSION', react: '19', 'react-dom': '19' },
      },
      'app/layout.jsx':
        'export default function Layout({ children }) { return <html><body>{children}</body></html> }\n',
      'app/page.jsx':
        'export default async function Page() { const posts = await fetch(`${process.env.CMS_URL}/posts`); return <p>{posts.status}</p> }\n',
    },
    before: INSTALL,
    commands: ['npm run build'],
    expected: { error_code: 'node_error', cause: 'env_var_missing', line: 'undefined/posts' },
  },
  'node-address-undefined': {
    tools: ['node@20', 'node@24'],
    files: { 'a.js': "new URL('/posts', process.env.CMS_URL)\n" },
    commands: ['npx -p $TOOL node a.js'],
    expected: { error_code: 'node_error', cause: 'env_var_missing', line: 'Invalid URL' },
  },
  'supabase-variable-missing': {
    tools: ['@supabase/supabase-js@2'],
    files: {
      'package.json': { name: 'site', private: true, type: 'module' },
      'a.js':
        "import { createClient } from '@supabase/supabase-js'\ncreateClient(process.env.SUPABASE_URL, process.env.SUPABASE_KEY)\n",
    },
    before: ['npm install --save-dev $TOOL'],
    commands: ['node a.js'],
    expected: { error_code: 'environment_error', cause: 'env_var_missing', line: 'supabaseUrl' },
  },
  'drizzle-variable-missing': {
    tools: ['drizzle-kit@0.31'],
    files: {
      'package.json': { name: 'site', private: true, type: 'module' },
      'drizzle.config.js':
        "export default { dialect: 'postgresql', schema: './schema.js', dbCredentials: { url: process.env.DATABASE_URL } }\n",
      'schema.js': 'export {}\n',
    },
    before: ['npm install --save-dev $TOOL drizzle-orm pg'],
    commands: ['npx drizzle-kit push'],
    expected: { error_code: 'database_error', cause: 'env_var_missing', line: 'url' },
  },
  'prisma-client-missing': {
    tools: ['prisma@6'],
    files: {
      'package.json': { name: 'site', private: true },
      'a.js': "const { PrismaClient } = require('@prisma/client')\nnew PrismaClient()\n",
    },
    before: ['npm install --ignore-scripts @prisma/client@6'],
    commands: ['node a.js'],
    expected: {
      error_code: 'prisma_error',
      cause: 'client_not_generated',
      line: '.prisma/client',
    },
  },
}
