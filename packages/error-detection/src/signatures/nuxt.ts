import { defineTool } from '../signature.ts'

/** Nuxt and Nitro. */
export const nuxt = defineTool({
  name: 'Nuxt',
  error_code: 'nuxt_error',
  docs_url: 'https://nuxt.com/docs/guide',
  signatures: {
    coded: {
      message: ['[NUXT_{nuxt}]', '^ERROR NUXT_{nuxt}:', '^NUXT_{nuxt}:'],
      needles: ['[NUXT_B', ' NUXT_B', '\nNUXT_B'],
      cause: 'framework_misuse',
      rank: 'family',
      examples: ['[NUXT_B5002] @nuxt/webpack-builder is not installed'],
    },
    module_missing: {
      message: [
        'Could not load `<MODULE>`. Is it installed?',
        'Cannot find any of Nuxt',
        'Nuxt module should be a function',
        'Error while requiring module `<MODULE>`',
        'Error while importing module `<MODULE>`',
        'Cannot extend config from',
        'Error while calling module',
      ],
      needles: [
        '. Is it installed?',
        'Nuxt module should be a function',
        'Error while requiring module',
        'Error while importing module',
        'Cannot extend config from',
      ],
      group: 'Could not load `<MODULE>`. Is it installed?',
      cause: 'module_not_found',
      examples: [
        '[error] Could not load `@nuxt/image`. Is it installed?',
        'ERROR  Error while requiring module `@nuxt/x`: Error: Cannot find module',
      ],
    },
    prerender: {
      message: [
        'Exiting due to prerender errors',
        'Errors prerendering:',
        '[{status}] <MESSAGE> (Linked from',
      ],
      needles: ['Exiting due to prerender errors', 'Errors prerendering'],
      group: 'Exiting due to prerender errors',
      cause: 'prerender_failed',
      examples: ['ERROR  Exiting due to prerender errors.', ' Errors prerendering:'],
    },
    nitro: {
      message: [
        'RollupError: Could not load <PATH>',
        'Nuxt Build Error: {words}',
        'Nuxt build error: {words}',
        '[nitro] ERROR <MESSAGE>',
        'ERROR  RollupError: ',
        'Error: Nitro requires',
      ],
      needles: ['Nuxt Build Error', 'Nuxt build error', '[nitro] ERROR', '[nitro]  ERROR'],
      group: 'Nuxt Build Error',
      cause: 'bundle_failed',
      rank: 'family',
      examples: [
        'ERROR  Nuxt Build Error: [vite:load-fallback] Could not load /opt/buildhome/repo/app/x.vue',
        '[nitro]  ERROR  Error: something',
      ],
    },
    compatibility: {
      message: [
        'Nuxt compatibility issues found',
        'Module <NAME> is disabled due to incompatibility',
      ],
      cause: 'dependency_conflict',
      unless: /disabled due/,
      title: 'A module does not suit this version of Nuxt',
      examples: ['Error: Nuxt compatibility issues found:'],
    },
    page: {
      message: [
        'Await expressions are not supported in definePageMeta',
        'Multiple `definePageMeta` calls are not supported',
        'is not a valid page as it has no content',
        'A composable that requires access to the Nuxt instance was called outside',
        'is a compiler macro that is only usable inside',
        "Unknown route middleware: '<NAME>'",
        'Circular dependency detected in plugins',
      ],
      group: 'A page or plugin is not what Nuxt expects',
      cause: 'framework_misuse',
      examples: [
        "ERROR  Await expressions are not supported in definePageMeta. File: 'app/pages/index.vue'",
        'Error: [nuxt] A composable that requires access to the Nuxt instance was called outside of a plugin, Nuxt hook, Nuxt middleware, or Vue setup function.',
      ],
    },
    externals: {
      message: 'Cannot resolve <MODULE> from <PATH> and externals are not allowed!',
      needles: ['and externals are not allowed!'],
      cause: 'module_not_found',
      examples: [
        'ERROR  Cannot resolve "dayjs" from "/opt/buildhome/repo/server/api/a.ts" and externals are not allowed!',
      ],
    },
    builder: {
      message: [
        'Loading `<NAME>` builder failed',
        'Loading `<NAME>` server builder failed',
        'Nitro entry is missing! Is "<PRESET>" preset correct',
        'Cannot resolve preset: <PRESET>',
        'Package `wrangler` not found, please install it',
        'Cannot find any nuxt version from',
        'Database connector "<NAME>" is invalid',
        'Failed to process some public assets',
      ],
      needles: [
        '` builder failed',
        '` server builder failed',
        'Nitro entry is missing!',
        'Cannot resolve preset: ',
        'Package `wrangler` not found',
        'Cannot find any nuxt version',
        'Database connector "',
        'Failed to process some public assets',
      ],
      group: 'Nuxt or Nitro is not configured as it must be',
      cause: 'config_invalid',
      examples: [
        'ERROR  Nitro entry is missing! Is "cloudflare_modul" preset correct?',
        'ERROR  Cannot resolve preset: cloudflare-workerz',
      ],
    },
  },
})
