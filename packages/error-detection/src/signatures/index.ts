/**
 * All tools whose failures are known. A new tool is a file beside this one and a line in the list.
 *
 * The order counts only where two signatures describe a line equally well, such as those of esbuild
 * and of Wrangler, which bundles with it: the tool that stands first gets the line. It is also the
 * order of `docs/errors.md` within a code. A tool of which neither matters stands with its kind.
 *
 * @module
 */

import type { Tool } from '../signature.ts'
import { adapters } from './adapters.ts'
import { angular } from './angular.ts'
import { astro } from './astro.ts'
import { bun } from './bun.ts'
import { bundling } from './bundling.ts'
import { cloudflareApi } from './cloudflare-api.ts'
import { css } from './css.ts'
import { databases } from './databases.ts'
import { deno } from './deno.ts'
import { docker } from './docker.ts'
import { documentationSites } from './documentation-sites.ts'
import { eleventy } from './eleventy.ts'
import { environment } from './environment.ts'
import { esbuild, esbuildApi } from './esbuild.ts'
import { flutter } from './flutter.ts'
import { git } from './git.ts'
import { go } from './go.ts'
import { hugo } from './hugo.ts'
import { java } from './java.ts'
import { jekyll } from './jekyll.ts'
import { linters } from './linters.ts'
import { monorepo } from './monorepo.ts'
import { nativeBuilds } from './native-builds.ts'
import { next } from './next.ts'
import { nextRules } from './next-rules.ts'
import { node } from './node.ts'
import { nodeModules } from './node-modules.ts'
import { nodeSystem } from './node-system.ts'
import { npm } from './npm.ts'
import { npmScripts } from './npm-scripts.ts'
import { nuxt } from './nuxt.ts'
import { otherBuilders } from './other-builders.ts'
import { otherLanguages } from './other-languages.ts'
import { php } from './php.ts'
import { pnpm } from './pnpm.ts'
import { python } from './python.ts'
import { reactFrameworks } from './react-frameworks.ts'
import { ruby } from './ruby.ts'
import { rust } from './rust.ts'
import { services } from './services.ts'
import { shell } from './shell.ts'
import { sveltekit } from './sveltekit.ts'
import { sveltekitProject } from './sveltekit-project.ts'
import { tests } from './tests.ts'
import { toolVersions } from './tool-versions.ts'
import { typescript } from './typescript.ts'
import { vite } from './vite.ts'
import { vue } from './vue.ts'
import { webpack } from './webpack.ts'
import { workersBuilds } from './workers-builds.ts'
import { wrangler } from './wrangler.ts'
import { wranglerAssets } from './wrangler-assets.ts'
import { wranglerCommands } from './wrangler-commands.ts'
import { wranglerConfig } from './wrangler-config.ts'
import { yarn } from './yarn.ts'

export const TOOLS: readonly Tool[] = [
  workersBuilds,
  otherBuilders,
  git,
  toolVersions,
  npm,
  npmScripts,
  pnpm,
  yarn,
  bun,
  python,
  ruby,
  node,
  nodeModules,
  nodeSystem,
  shell,
  typescript,
  linters,
  tests,
  vite,
  webpack,
  css,
  next,
  nextRules,
  astro,
  nuxt,
  sveltekit,
  sveltekitProject,
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
  esbuild,
  esbuildApi,
  wrangler,
  bundling,
  wranglerCommands,
  wranglerConfig,
  wranglerAssets,
  cloudflareApi,
  adapters,
  docker,
  go,
  rust,
  otherLanguages,
  flutter,
  java,
  php,
  deno,
  nativeBuilds,
  monorepo,
]
