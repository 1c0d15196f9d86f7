import { defineTool } from '../signature.ts'

/** Wrangler, and esbuild, whose messages it passes on. */
export const wrangler = defineTool({
  name: 'Wrangler',
  error_code: 'wrangler_error',
  docs_url: 'https://developers.cloudflare.com/workers/wrangler/',
  signatures: {
    could_not_resolve: {
      message: '✘ [ERROR] Could not resolve "<MODULE>"',
      cause: 'module_not_found',
      examples: [
        '✘ [ERROR] Could not resolve "./balance"',
        'X [ERROR] Could not resolve "./balance"',
        '\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[41;31m]\u001b[0m \u001b[1mCould not resolve "./balance"\u001b[0m',
      ],
    },
    could_not_resolve_builtin: {
      message: '✘ [ERROR] Could not resolve "<MODULE>" (originally "<MODULE>")',
      cause: 'module_not_found',
      examples: [
        '✘ [ERROR] Could not resolve "node:string_decoder" (originally "string_decoder/")',
      ],
    },
    no_matching_export: {
      message: '✘ [ERROR] No matching export in "<MODULE>" for import "<IMPORT>"',
      cause: 'missing_export',
      examples: [
        '✘ [ERROR] No matching export in "src/db/schemas/index.ts" for import "someCoolTable"',
        'X [ERROR] No matching export in "src/a.ts" for import "default"',
      ],
    },
  },
})
