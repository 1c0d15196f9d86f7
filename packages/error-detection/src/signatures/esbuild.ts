import type { Tool } from '../signature.ts'
import { defineTool } from '../signature.ts'
import { bundling } from './bundling.ts'

/** Of the messages that Wrangler passes on, those that are not about Workers. */
const { nodejs_compat: _, ...signatures } = bundling.signatures

/** esbuild that the build command runs itself: the same words, and nothing of Wrangler around them. */
export const esbuild: Tool = defineTool({
  name: 'esbuild',
  error_code: 'esbuild_error',
  docs_url: 'https://esbuild.github.io/api/',
  steps: ['building'],
  unless_running: 'Wrangler',
  heads: [
    // The cross is another character, or several, in terminals that do not have it.
    { text: '✘ [ERROR] ', written: /^[^\s\w[]{1,6} \[ERROR\] ?|^[^\s[]{1,6} \[ERROR\] / },
  ],
  noise: [
    // what it says when its caller does not need it any more
    /^✘ \[ERROR\] The build was canceled$/,
  ],
  signatures: Object.fromEntries(
    Object.entries(signatures).map(([name, { docs_url: _docs, ...signature }]) => [
      name,
      signature,
    ]),
  ),
})

/** esbuild as other tools call it: a thrown error lists what it found by file. */
export const esbuildApi: Tool = defineTool({
  name: 'esbuild',
  error_code: 'esbuild_error',
  docs_url: 'https://esbuild.github.io/api/',
  signatures: {
    listed_unresolved: {
      message: ': ERROR: Could not resolve "<MODULE>"',
      group: 'ERROR: Could not resolve "<MODULE>"',
      cause: 'module_not_found',
      examples: ['src/a.ts:1:8: ERROR: Could not resolve "dayjs"'],
    },
    listed_export: {
      message: ': ERROR: No matching export in "<MODULE>" for import "<IMPORT>"',
      group: 'ERROR: No matching export in "<MODULE>" for import "<IMPORT>"',
      cause: 'missing_export',
      examples: ['src/a.ts:1:8: ERROR: No matching export in "src/b.ts" for import "gone"'],
    },
    stopped: {
      message: ['The service was stopped', 'The service is no longer running'],
      needles: ['Error: The service was stopped', 'The service is no longer running'],
      group: 'The service was stopped',
      cause: 'process_crashed',
      rank: 'family',
      title: 'esbuild ended before it was done',
      examples: ['Error: The service was stopped', 'The service is no longer running'],
    },
  },
})
