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
    project: {
      message: [
        'No `wrangler.(toml|json|jsonc)` config file found',
        'This does not appear to be a Next.js application',
        'The next.config file is required, aborting',
        'Turbopack runtime not found at',
        'Compiled Node.js middleware not found at',
        'Unable to populate cache: Open Next build not found',
        'Failed to inline the dynamic chunk requires',
        'Custom config file not found at',
        'file was found in the project root.',
      ],
      needles: [
        'No `wrangler.(toml|json|jsonc)` config file found',
        'does not appear to be a Next.js application',
        'The next.config file is required, aborting',
        'Turbopack runtime not found at',
        'Compiled Node.js middleware not found at',
        'Open Next build not found',
        'Failed to inline the dynamic chunk',
        'Custom config file not found at',
      ],
      group: 'OpenNext does not find what it needs in the project',
      cause: 'config_not_found',
      examples: [
        'Error: No `wrangler.(toml|json|jsonc)` config file found.',
        "Error: This does not appear to be a Next.js application. The 'next' package is not installed",
      ],
    },
    cache: {
      message: [
        'No KV binding "<NAME>" found',
        'No D1 binding "<NAME>" found',
        'R2 binding "<NAME>" is missing a bucket_name',
        'Failed to provision remote R2 bucket "<NAME>"',
        'Failed to populate remote R2 bucket "<NAME>"',
        '^Error: Failed to write "<KEY>" to R2',
      ],
      needles: [
        'No KV binding "',
        'No D1 binding "',
        'is missing a bucket_name',
        'Failed to provision remote R2',
        'Failed to populate remote R2',
        'Error: Failed to write "',
      ],
      group: 'The cache of the application could not be filled',
      cause: 'binding_not_found',
      docs_url: 'https://opennext.js.org/cloudflare/caching',
      examples: [
        'Error: No KV binding "NEXT_INC_CACHE_KV" found!',
        'Error: R2 binding "NEXT_INC_CACHE_R2_BUCKET" is missing a bucket_name.',
        'Error: Failed to populate remote R2 bucket "shop-cache" for binding "NEXT_INC_CACHE_R2_BUCKET": unauthorized',
      ],
    },
    skew: {
      message: [
        'should be set when skew protection is enabled',
        'The deploymentId "<ID>" has been used previously',
        'Deployment ID should be set in the Next config',
      ],
      group: 'A variable should be set when skew protection is enabled',
      cause: 'env_var_missing',
      docs_url: 'https://opennext.js.org/cloudflare/howtos/skew',
      examples: ['Error: CF_WORKER_NAME should be set when skew protection is enabled'],
    },
  },
})
