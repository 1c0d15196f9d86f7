import { defineTool } from '../signature.ts'

/** OpenNext and next-on-pages: they build Next.js for Cloudflare. */
export const adapters = defineTool({
  name: 'OpenNext and next-on-pages',
  error_code: 'opennext_error',
  docs_url: 'https://opennext.js.org/cloudflare/troubleshooting',
  signatures: {
    config_not_compiled: {
      message: [
        'Could not find compiled Open Next config',
        'Could not find compiled OpenNext config',
      ],
      cause: 'config_not_found',
      title: 'The Next.js application was not built with OpenNext before deploying',
      fix: 'Build with `opennextjs-cloudflare build`, then deploy.',
      examples: ['ERROR Could not find compiled Open Next config, did you run the build command?'],
    },
    next_version: {
      message: [
        'Next.js version unsupported, please upgrade to version',
        'Next.js version <VERSION> is not supported',
        'unsupported Next.js version',
      ],
      group: 'Next.js version unsupported',
      cause: 'dependency_conflict',
      title: 'OpenNext does not support this version of Next.js',
      examples: ['Error: Next.js version unsupported, please upgrade to version 14.2 or greater.'],
    },
    middleware: {
      message: [
        'Node.js middleware is not currently supported',
        'OpenNext requires edge runtime function to be defined in a separate function',
        'cannot use the edge runtime',
        'app/<PATH> cannot use the edge runtime',
      ],
      needles: [
        'Node.js middleware is not',
        'requires edge runtime function to be defined',
        'cannot use the edge runtime',
      ],
      group: 'The code uses a runtime that OpenNext does not support',
      cause: 'framework_misuse',
      title: 'The code uses a runtime that OpenNext does not support',
      fix: 'Remove `export const runtime = "edge"`, and use Edge middleware.',
      examples: [
        'ERROR Node.js middleware is not currently supported. Consider switching to Edge Middleware.',
        'Error: app/api/x/route cannot use the edge runtime.',
      ],
    },
    edge_runtime: {
      message: [
        'The following routes were not configured to run with the Edge Runtime',
        'Failed to produce a Cloudflare Pages build from the project',
      ],
      group: 'The following routes were not configured to run with the Edge Runtime',
      cause: 'edge_runtime_required',
      error_code: 'next_on_pages_error',
      examples: [
        '⚡️ ERROR: Failed to produce a Cloudflare Pages build from the project.',
        '⚡️ \tThe following routes were not configured to run with the Edge Runtime:',
      ],
    },
    vercel_build: {
      message: [
        'The Vercel build (`<COMMAND>`) command failed',
        'The Vercel build command failed',
        'Unable to find `<FILE>` in the Vercel build output',
      ],
      needles: ['The Vercel build (', 'The Vercel build command'],
      group: 'The Vercel build command failed',
      cause: 'build_command_failed',
      error_code: 'next_on_pages_error',
      rank: 'wrapper',
      examples: [
        '⚡️ The Vercel build (`npx vercel build`) command failed. For more details see the Vercel logs above.',
      ],
    },
    config: {
      message: [
        'The `open-next.config.ts` should have a default export',
        'config.default.override',
        'Missing required `open-next.config.ts` file',
        'should have a default export like this',
        'No R2 binding "<NAME>" found',
      ],
      needles: ['open-next.config.ts', 'No R2 binding "'],
      when: /should have a default export|Missing required|No R2 binding|config\.default/,
      group: 'The OpenNext configuration is not valid',
      cause: 'config_invalid',
      examples: [
        'Error: The `open-next.config.ts` should have a default export like this:',
        'Error: No R2 binding "NEXT_INC_CACHE_R2_BUCKET" found!',
      ],
    },
    copy_traced: {
      message: [
        'File <PATH> does not exist',
        'ERROR Failed to copy',
        'Could not find function config in open-next',
      ],
      needles: ['ERROR Failed to copy', 'Could not find function config in'],
      group: 'OpenNext could not copy a file',
      cause: 'file_not_found',
      examples: ['ERROR Failed to copy /opt/buildhome/repo/.next/standalone/node_modules/x'],
    },
  },
})
