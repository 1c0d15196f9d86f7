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
  unless_wrangler: true,
  signatures: Object.fromEntries(
    Object.entries(signatures).map(([name, { docs_url: _docs, ...signature }]) => [
      name,
      signature,
    ]),
  ),
})
