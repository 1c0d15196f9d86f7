/**
 * All tools whose failures are known. A new tool is a file beside this one and a line here.
 *
 * @module
 */

import type { Tool } from '../signature.ts'
import { adapters } from './adapters.ts'
import { astro } from './astro.ts'
import { bun } from './bun.ts'
import { cloudflareApi } from './cloudflare-api.ts'
import { css } from './css.ts'
import { databases } from './databases.ts'
import { nuxt, sveltekit } from './frameworks.ts'
import { angular, reactFrameworks, vue } from './frameworks-react.ts'
import { git } from './git.ts'
import { go, otherLanguages, rust } from './languages.ts'
import { linters } from './linters.ts'
import { docker, monorepo } from './monorepo.ts'
import { next } from './next.ts'
import { node } from './node.ts'
import { npm } from './npm.ts'
import { otherBuilders } from './other-builders.ts'
import { pnpm } from './pnpm.ts'
import { python } from './python.ts'
import { ruby } from './ruby.ts'
import { environment, services } from './services.ts'
import { shell } from './shell.ts'
import { documentationSites, eleventy, hugo, jekyll } from './static-sites.ts'
import { tests } from './tests.ts'
import { toolVersions } from './tool-versions.ts'
import { typescript } from './typescript.ts'
import { vite } from './vite.ts'
import { webpack } from './webpack.ts'
import { workersBuilds } from './workers-builds.ts'
import { wrangler } from './wrangler.ts'
import { yarn } from './yarn.ts'

export const TOOLS: readonly Tool[] = [
  workersBuilds,
  otherBuilders,
  git,
  toolVersions,
  npm,
  pnpm,
  yarn,
  bun,
  python,
  ruby,
  node,
  shell,
  typescript,
  linters,
  tests,
  vite,
  webpack,
  css,
  next,
  astro,
  nuxt,
  sveltekit,
  reactFrameworks,
  angular,
  vue,
  hugo,
  jekyll,
  eleventy,
  documentationSites,
  databases,
  environment,
  services,
  wrangler,
  cloudflareApi,
  adapters,
  docker,
  go,
  rust,
  otherLanguages,
  monorepo,
]
