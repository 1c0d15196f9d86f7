/**
 * Whose errors the errors of a program are, by the name with which it is run.
 *
 * @module
 */
import type { Cause } from '../causes.ts'

/** A tool, for errors that none of its signatures knows. */
export interface Program {
  error_code: string
  /** What its errors are where their words do not say. */
  cause: Cause
}

const program = (error_code: string, cause: Cause): Program => ({ error_code, cause })

const PROGRAMS: Readonly<Record<string, Program>> = {
  npm: program('npm_error', 'package_manager_error'),
  pnpm: program('pnpm_error', 'package_manager_error'),
  yarn: program('yarn_error', 'package_manager_error'),
  bun: program('bun_error', 'package_manager_error'),
  deno: program('deno_error', 'script_failed'),
  node: program('node_error', 'exception'),
  tsx: program('node_error', 'exception'),
  'ts-node': program('node_error', 'exception'),
  tsc: program('typescript_error', 'type_error'),
  'vue-tsc': program('typescript_error', 'type_error'),
  vite: program('vite_error', 'bundle_failed'),
  rollup: program('bundler_error', 'bundle_failed'),
  rolldown: program('bundler_error', 'bundle_failed'),
  tsup: program('bundler_error', 'bundle_failed'),
  parcel: program('bundler_error', 'bundle_failed'),
  esbuild: program('esbuild_error', 'bundle_failed'),
  webpack: program('webpack_error', 'bundle_failed'),
  rspack: program('bundler_error', 'bundle_failed'),
  'react-scripts': program('webpack_error', 'bundle_failed'),
  next: program('next_error', 'compile_failed'),
  'next-on-pages': program('next_on_pages_error', 'bundle_failed'),
  'opennextjs-cloudflare': program('opennext_error', 'bundle_failed'),
  opennext: program('opennext_error', 'bundle_failed'),
  astro: program('astro_error', 'compile_failed'),
  nuxt: program('nuxt_error', 'compile_failed'),
  nuxi: program('nuxt_error', 'compile_failed'),
  nitro: program('nuxt_error', 'compile_failed'),
  'svelte-kit': program('sveltekit_error', 'compile_failed'),
  'svelte-check': program('sveltekit_error', 'type_error'),
  'react-router': program('react_framework_error', 'compile_failed'),
  remix: program('react_framework_error', 'compile_failed'),
  gatsby: program('gatsby_error', 'compile_failed'),
  docusaurus: program('docs_site_error', 'compile_failed'),
  vitepress: program('docs_site_error', 'compile_failed'),
  mkdocs: program('docs_site_error', 'compile_failed'),
  'sphinx-build': program('docs_site_error', 'compile_failed'),
  eleventy: program('eleventy_error', 'compile_failed'),
  hugo: program('hugo_error', 'compile_failed'),
  jekyll: program('jekyll_error', 'compile_failed'),
  ng: program('angular_error', 'compile_failed'),
  'vue-cli-service': program('vue_error', 'compile_failed'),
  expo: program('expo_error', 'bundle_failed'),
  flutter: program('flutter_error', 'compile_failed'),
  turbo: program('monorepo_error', 'script_failed'),
  nx: program('monorepo_error', 'script_failed'),
  lerna: program('monorepo_error', 'script_failed'),
  eslint: program('lint_error', 'lint_error'),
  biome: program('lint_error', 'lint_error'),
  prettier: program('lint_error', 'formatting_error'),
  vitest: program('test_error', 'test_failed'),
  jest: program('test_error', 'test_failed'),
  playwright: program('test_error', 'test_failed'),
  prisma: program('prisma_error', 'database_error'),
  'drizzle-kit': program('database_error', 'database_error'),
  sass: program('css_error', 'css_error'),
  postcss: program('css_error', 'css_error'),
  tailwindcss: program('css_error', 'css_error'),
  wrangler: program('wrangler_error', 'wrangler_error'),
  vercel: program('vercel_error', 'script_failed'),
  git: program('git_error', 'git_failed'),
  docker: program('docker_error', 'container_build_failed'),
  pip: program('pip_error', 'package_manager_error'),
  pip3: program('pip_error', 'package_manager_error'),
  uv: program('pip_error', 'package_manager_error'),
  poetry: program('pip_error', 'package_manager_error'),
  python: program('python_error', 'exception'),
  python3: program('python_error', 'exception'),
  bundle: program('ruby_error', 'package_manager_error'),
  ruby: program('ruby_error', 'exception'),
  cargo: program('rust_error', 'compile_failed'),
  rustc: program('rust_error', 'compile_failed'),
  go: program('go_error', 'compile_failed'),
  gradle: program('java_error', 'compile_failed'),
  gradlew: program('java_error', 'compile_failed'),
  mvn: program('java_error', 'compile_failed'),
  composer: program('php_error', 'package_manager_error'),
  dotnet: program('dotnet_error', 'compile_failed'),
  make: program('native_build_error', 'native_build_failed'),
  cmake: program('native_build_error', 'native_build_failed'),
}

/** Words of a command that run the program after them. */
const RUNNERS =
  /^(?:npx|bunx|pnpx|exec|dlx|x|run|env|cross-env|dotenv|sudo|time|corepack|-y|--yes|--|--silent|[A-Z_][A-Z0-9_]*=\S*)$/

/** Where one command of a line ends and the next begins. */
const BETWEEN = /&&|\|\||;|\|/

/** The known programs that `command` runs, in their order; those that only run others are left out. */
export function programsOf(command: string): Program[] {
  return command.split(BETWEEN).flatMap((part) => {
    const found = part
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/@(?:\d\S*|latest)$/, '').replace(/^.*[/\\]/, ''))
    const first = found.findIndex((word) => !RUNNERS.test(word))
    const [word, next = ''] = found.slice(Math.max(0, first))
    // `npm exec vite`, `pnpm vite`, `yarn next build`: the program after a package manager.
    const inner = /^(?:npm|pnpm|yarn|bun)$/.test(word ?? '')
      ? programNamed(found.slice(first + 1).find((word) => !RUNNERS.test(word)) ?? '')
      : undefined
    const own = inner ?? programNamed(word ?? '')
    return own && !isScript(word, next) ? [own] : []
  })
}

/** Whether the words run a script of the project, of which the log says more below. */
function isScript(word: string | undefined, next: string): boolean {
  return /^(?:npm|pnpm|yarn|bun)$/.test(word ?? '') && /^run(?:-script)?$/.test(next)
}

/** The program of that name; `[vite:css]` and `vite` are both Vite. */
export function programNamed(name: string): Program | undefined {
  const key = name.toLowerCase()
  return Object.hasOwn(PROGRAMS, key) ? PROGRAMS[key] : undefined
}

/** Tools of which another program runs the code, by the packages in which that is. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@angular/build': 'ng',
  '@angular/cli': 'ng',
  '@astrojs/internal-helpers': 'astro',
  '@astrojs/markdown-remark': 'astro',
  '@docusaurus/core': 'docusaurus',
  '@11ty/eleventy': 'eleventy',
  '@nuxt/cli': 'nuxt',
  '@nuxt/kit': 'nuxt',
  '@nuxt/nitro-server': 'nuxt',
  '@nuxt/schema': 'nuxt',
  '@nuxt/vite-builder': 'nuxt',
  '@opennextjs/aws': 'opennext',
  '@opennextjs/cloudflare': 'opennext',
  '@react-router/dev': 'react-router',
  '@remix-run/dev': 'remix',
  '@sveltejs/adapter-auto': 'svelte-kit',
  '@sveltejs/adapter-cloudflare': 'svelte-kit',
  '@sveltejs/adapter-static': 'svelte-kit',
  '@sveltejs/kit': 'svelte-kit',
  astro: 'astro',
  gatsby: 'gatsby',
  next: 'next',
  nitropack: 'nitro',
  npm: 'npm',
  nuxt: 'nuxt',
  pnpm: 'pnpm',
  vite: 'vite',
  vitepress: 'vitepress',
  webpack: 'webpack',
  wrangler: 'wrangler',
}

/** The program whose code is in the package `name`; undefined for libraries. */
export function programOfPackage(name: string): Program | undefined {
  return Object.hasOwn(PACKAGES, name) ? programNamed(PACKAGES[name] ?? '') : undefined
}
