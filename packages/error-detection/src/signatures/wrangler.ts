import { defineTool } from '../signature.ts'

const CONFIG_DOCS = 'https://developers.cloudflare.com/workers/wrangler/configuration/'

/** Wrangler before it talks to the API, and esbuild, whose messages it passes on. */
export const wrangler = defineTool({
  name: 'Wrangler',
  error_code: 'wrangler_error',
  docs_url: 'https://developers.cloudflare.com/workers/wrangler/',
  noise: [
    // how it ends
    /^If you think this is a bug\b|^\S{1,4} Logs were written to /,
  ],
  markers: [
    { needle: '⛅️ wrangler', when: /⛅️ wrangler/, shows_tool: true },
    { needle: 'wrangler deploy', when: /wrangler deploy/, shows_tool: true },
    { needle: 'wrangler versions', when: /wrangler versions/, shows_tool: true },
  ],
  signatures: {
    ci_validation: {
      message: [
        'Wrangler cannot validate that your Worker name matches what is expected by the build system',
        'The Worker name could not be validated against what is expected by the build system',
        'An error occurred while trying to validate that the Worker name matches',
      ],
      group:
        '✘ [ERROR] Wrangler cannot validate that your Worker name matches what is expected by the build system',
      cause: 'api_unavailable',
      fix: 'Retry the build.',
      // What the API said stands below it: that the token may not look the Worker up, say.
      rank: 'wrapper',
      examples: [
        '✘ [ERROR] Wrangler cannot validate that your Worker name matches what is expected by the build system. Please retry the build.',
        '✘ [ERROR] The Worker name could not be validated against what is expected by the build system. Please retry the build.',
      ],
    },
    custom_build: {
      message: ['Running custom build `<COMMAND>` failed', 'Custom build `<COMMAND>` failed'],
      group: '✘ [ERROR] Running custom build failed',
      cause: 'script_failed',
      rank: 'wrapper',
      examples: [
        '✘ [ERROR] Running custom build `npm run build` failed. There are likely more logs from your build command above.',
      ],
    },
    custom_build_exit: {
      message: '✘ [ERROR] <CLASS>: Process exited with non-zero status',
      needles: ['Process exited with non-zero status'],
      group: '✘ [ERROR] Running custom build failed',
      cause: 'script_failed',
      rank: 'family',
      examples: ['✘ [ERROR] k [Error]: Process exited with non-zero status (3)'],
    },
    unknown_argument: {
      message: [
        '✘ [ERROR] Unknown argument: <ARGUMENT>',
        '✘ [ERROR] Unknown arguments: <ARGUMENTS>',
        '✘ [ERROR] Not enough arguments following',
        '✘ [ERROR] Not enough non-option arguments',
        '✘ [ERROR] Unknown command',
        '✘ [ERROR] Invalid values:',
        '✘ [ERROR] Too many non-option arguments',
        '✘ [ERROR] Missing required argument',
        '✘ [ERROR] Arguments <ARGUMENTS> are mutually exclusive',
        "✘ [ERROR] The argument '--<NAME>' is required",
      ],
      group: '✘ [ERROR] Unknown argument: <ARGUMENT>',
      cause: 'invalid_command',
      docs_url: 'https://developers.cloudflare.com/workers/wrangler/commands/',
      examples: [
        '✘ [ERROR] Unknown argument: uploa',
        '✘ [ERROR] Unknown arguments: foo, bar',
        '✘ [ERROR] Not enough arguments following: name',
      ],
    },
    token_missing: {
      message: [
        "it's necessary to set a CLOUDFLARE_API_TOKEN environment variable",
        'No API token found',
        'Not logged in. Please run `wrangler login`',
        'You are not authenticated. Please run `wrangler login`',
        'Did not login, quitting',
      ],
      group:
        "✘ [ERROR] In a non-interactive environment, it's necessary to set a CLOUDFLARE_API_TOKEN environment variable",
      cause: 'api_token_missing',
      docs_url: 'https://developers.cloudflare.com/fundamentals/api/get-started/create-token/',
      examples: [
        "✘ [ERROR] In a non-interactive environment, it's necessary to set a CLOUDFLARE_API_TOKEN environment variable for wrangler to work.",
      ],
    },
    account_missing: {
      message: [
        'it is mandatory to specify an account ID',
        'More than one account available',
        'Failed to automatically retrieve account IDs for the logged in user',
        'No account id found, quitting',
        'No account ID found',
      ],
      group: '✘ [ERROR] More than one account available',
      cause: 'account_id_missing',
      docs_url: CONFIG_DOCS,
      examples: [
        '✘ [ERROR] More than one account available but unable to select one in non-interactive mode.',
        '✘ [ERROR] Failed to automatically retrieve account IDs for the logged in user.',
      ],
    },
    durable_object_not_exported: {
      message: [
        'depends on the following Durable Objects, which are not exported in your entrypoint',
        'which are not exported in your entrypoint file',
        'depends on the following Workflows, which are not exported',
      ],
      needles: ['which are not exported in your entrypoint', 'Workflows, which are not exported'],
      group:
        '✘ [ERROR] Your Worker depends on Durable Objects or Workflows that its entry point does not export',
      cause: 'durable_object_migration',
      docs_url: 'https://developers.cloudflare.com/durable-objects/get-started/',
      examples: [
        '✘ [ERROR] Your Worker depends on the following Durable Objects, which are not exported in your entrypoint file: Counter.',
        '✘ [ERROR] Your Worker depends on the following Workflows, which are not exported in your entrypoint file: Flow.',
      ],
    },
    required_secrets: {
      message: 'The following required secrets have not been set: <NAMES>',
      cause: 'secret_missing',
      docs_url: 'https://developers.cloudflare.com/workers/configuration/secrets/',
      examples: ['✘ [ERROR] The following required secrets have not been set: API_KEY'],
    },
    route: {
      message: [
        'is already associated with another worker called',
        'was skipped, fix conflict and try again',
        'Could not find zone for `<ZONE>`',
        'Could not find a zone for `<ZONE>`',
        "Can't deploy routes that are assigned to another worker",
        'Custom domain <DOMAIN> already',
      ],
      needles: [
        'is already associated with another worker',
        'fix conflict and try again',
        'Could not find zone for',
        'Could not find a zone for',
        'routes that are assigned to another',
      ],
      group: '✘ [ERROR] The route belongs to another Worker, or to no zone of the account',
      cause: 'route_conflict',
      docs_url: 'https://developers.cloudflare.com/workers/configuration/routing/',
      examples: [
        '✘ [ERROR] The route with pattern "acme.example/*" is already associated with another worker called "site".',
        '✘ [ERROR] Could not find zone for `acme.example`. Make sure the domain is set up to be proxied by Cloudflare.',
      ],
    },
    workers_dev: {
      message: [
        'You need to register a workers.dev subdomain',
        "haven't registered workers.dev",
        'Could not automatically register "<NAME>" as your `workers.dev` subdomain',
        'Could not verify whether "<NAME>" is available as your',
        'as your workers.dev subdomain because',
      ],
      needles: [
        'register a workers.dev subdomain',
        'registered workers.dev',
        'Could not automatically register',
        'is available as your',
      ],
      group: '✘ [ERROR] You need to register a workers.dev subdomain',
      cause: 'subdomain_missing',
      docs_url: 'https://developers.cloudflare.com/workers/configuration/routing/workers-dev/',
      examples: [
        '✘ [ERROR] You need to register a workers.dev subdomain before publishing to workers.dev',
        '✘ [ERROR] Could not automatically register "acme" as your workers.dev subdomain because the name is unavailable.',
      ],
    },
    worker_not_found: {
      message: [
        'You cannot upload a new version of a Worker that does not yet exist',
        'This Worker does not exist on your account',
        'was not found in your account. Check that the name',
        'Worker does not exist on your account',
        'The Worker <NAME> has no deployments',
        'Project not found. The specified project name does not match',
      ],
      needles: [
        'Worker that does not yet exist',
        'does not exist on your account',
        'was not found in your account',
        'The specified project name does not',
      ],
      group: '✘ [ERROR] The Worker does not exist',
      cause: 'worker_not_found',
      examples: [
        '✘ [ERROR] You cannot upload a new version of a Worker that does not yet exist. Please run the `deploy` command first.',
        '  This Worker does not exist on your account. [code: 10007]',
        '  Project not found. The specified project name does not match any of your existing projects. [code: 8000007]',
      ],
    },
    overwrite_guard: {
      message: 'already exists in your account. This deploy could not confirm',
      cause: 'worker_name_mismatch',
      examples: [
        '✘ [ERROR] A Worker named "site" already exists in your account. This deploy could not confirm that it should update that Worker, so it stopped instead of overwriting it.',
      ],
    },
    container: {
      message: [
        'Docker build exited with code: {exit}',
        'Docker command exited with code: {exit}',
        'The Docker CLI could not be launched',
        'Failed running docker command',
        'Failed to build <IMAGE> image',
        'is a directory, you should specify a path to the Dockerfile',
        'Docker command failed',
        'Error creating application',
        'Error modifying application',
        'Image too large: needs',
      ],
      needles: [
        'Docker build exited with',
        'Docker command ',
        'The Docker CLI could not be launched',
        'Failed running docker command',
        'specify a path to the Dockerfile',
        'Error creating application',
        'Error modifying application',
        'Image too large: needs',
      ],
      group: '✘ [ERROR] The container image could not be built',
      headline: true,
      cause: 'container_build_failed',
      docs_url: 'https://developers.cloudflare.com/containers/',
      examples: [
        '✘ [ERROR] Docker build exited with code: 1',
        '✘ [ERROR] The Docker CLI could not be launched. Please ensure that the Docker CLI is installed and the daemon is running.',
      ],
    },
    node_version: {
      message: [
        'Wrangler requires at least Node.js v<VERSION>',
        'Wrangler requires at least node.js v<VERSION>',
      ],
      group: 'Wrangler requires at least Node.js',
      cause: 'node_version_incompatible',
      examples: [
        'Wrangler requires at least Node.js v22.0.0. You are using v20.18.0. Please update your version of Node.js.',
      ],
    },
    wrapped: {
      message: [
        'ERROR Wrangler command failed',
        'Error: Command failed: npx wrangler <COMMAND>',
        '🚨 Action failed',
        "Error: The process '<PATH>/npx' failed with exit code {exit}",
      ],
      needles: ['Wrangler command failed', 'Command failed: npx wrangler'],
      group: 'Wrangler command failed',
      cause: 'deploy_command_failed',
      rank: 'wrapper',
      examples: [
        'ERROR Wrangler command failed',
        'Error: Command failed: npx wrangler pages deploy dist',
      ],
    },
    any: {
      message: '^✘ [ERROR] {words}',
      needles: ['[ERROR] '],
      cause: 'wrangler_error',
      rank: 'family',
      // Other bundlers print esbuild's messages too.
      of_section: true,
      examples: ['✘ [ERROR] Something that no other signature knows'],
    },
  },
})
