import { defineTool } from '../signature.ts'

/** Wrangler on static assets and Pages. */
export const wranglerAssets = defineTool({
  name: 'Wrangler',
  error_code: 'wrangler_error',
  docs_url: 'https://developers.cloudflare.com/workers/static-assets/',
  signatures: {
    workers_in_pages: {
      message: [
        "It looks like you've run a Workers-specific command in a Pages project",
        "It looks like you've run a Pages-specific command",
      ],
      cause: 'invalid_command',
      title: 'A Workers command was run in a Pages project',
      fix: 'Use `wrangler pages deploy`, or remove `pages_build_output_dir` from the configuration.',
      docs_url: 'https://developers.cloudflare.com/pages/configuration/wrangler-configuration/',
      examples: [
        "✘ [ERROR] It looks like you've run a Workers-specific command in a Pages project.",
      ],
    },
    nothing_to_deploy: {
      message: [
        '✘ [ERROR] Could not detect a directory containing static files',
        'Could not detect a directory containing static files',
      ],
      cause: 'entry_point_missing',
      examples: [
        '✘ [ERROR] Could not detect a directory containing static files (e.g. html, css and js) for the project',
      ],
    },
    assets_directory: {
      message: [
        'The directory specified by the "assets.directory" field',
        'does not exist or is not a directory',
        'The assets directory cannot be an empty string',
        'Must specify a directory of assets to deploy',
        'The `assets` property in your configuration is missing the required `directory`',
        'specified by the "--assets" command line argument does not exist',
        'does not exist.',
        'No such directory: <PATH>',
        "✘ [ERROR] ENOENT: no such file or directory, scandir '<PATH>'",
      ],
      needles: [
        'specified by the "assets.directory"',
        'does not exist or is not a directory',
        'The assets directory cannot be an empty',
        'Must specify a directory of assets',
        'is missing the required `directory`',
        'specified by the "--assets"',
        'ENOENT: no such file or directory, scandir',
      ],
      group: '✘ [ERROR] The assets directory does not exist',
      cause: 'output_directory_not_found',
      examples: [
        '✘ [ERROR] The directory specified by the "assets.directory" field in your configuration file does not exist:',
        "✘ [ERROR] ENOENT: no such file or directory, scandir '/opt/buildhome/repo/dist'",
      ],
    },
    asset_too_large: {
      message: [
        '✘ [ERROR] Asset too large',
        'Asset too large.',
        'supports assets with sizes of up to',
        'Pages only supports files up to <SIZE> in size',
        'Wrangler only supports uploading files up to',
        'File <PATH> is too big, it should be under',
        'exceeds the maximum upload size of',
        'File is larger than <SIZE>',
      ],
      group: '✘ [ERROR] Asset too large.',
      cause: 'asset_too_large',
      docs_url: 'https://developers.cloudflare.com/workers/platform/limits/#static-assets',
      examples: [
        '✘ [ERROR] Asset too large.',
        'Error: Pages only supports files up to 25 MiB in size',
        'Cloudflare Workers supports assets with sizes of up to 25 MiB. We found a file /opt/buildhome/repo/a.bin with a size of 144 MiB.',
      ],
    },
    too_many_assets: {
      message: [
        'Maximum number of assets exceeded',
        'Pages only supports up to <N> files in a deployment',
        'Asset count of <N> exceeds',
        'Cloudflare Workers supports up to <N> assets',
      ],
      group: '✘ [ERROR] Maximum number of assets exceeded',
      cause: 'too_many_assets',
      docs_url: 'https://developers.cloudflare.com/workers/platform/limits/#static-assets',
      examples: [
        '✘ [ERROR] Maximum number of assets exceeded.',
        'Error: Pages only supports up to 20,000 files in a deployment for your current plan. Ensure you have specified your build output directory correctly.',
      ],
    },
    assets_config: {
      message: [
        'Cannot use assets and Workers Sites in the same Worker',
        'Cannot use assets with a binding in an assets-only Worker',
        'Cannot set run_worker_first without',
        'Cannot use Service Worker-style Worker with assets',
        'Cannot use assets and legacy assets',
        'Cannot use the `--assets`',
        'Invalid _redirects',
        'Invalid _headers',
        'Invalid _routes.json file',
        'Invalid Routes:',
        'Could not validate _routes.json',
      ],
      group: '✘ [ERROR] The assets are not configured as they must be',
      cause: 'assets_misconfigured',
      unless: /\[WARNING\]|warn|Found invalid/i,
      examples: [
        '✘ [ERROR] Cannot use assets with a binding in an assets-only Worker.',
        '✘ [ERROR] Cannot use assets and Workers Sites in the same Worker.',
        '✘ [ERROR] Invalid Routes:',
      ],
    },
    worker_in_assets: {
      message: [
        'Uploading a Pages <FILE> as an asset',
        'either remove it or add an ".assetsignore" file',
      ],
      group: '✘ [ERROR] Uploading a Pages file as an asset',
      cause: 'assets_misconfigured',
      docs_url:
        'https://developers.cloudflare.com/workers/static-assets/migration-guides/migrate-from-pages/',
      examples: [
        '✘ [ERROR] Uploading a Pages _worker.js file as an asset.',
        'If you do not want to upload this file, either remove it or add an ".assetsignore" file, to the root of your asset directory, containing "_worker.js".',
      ],
    },
    asset_upload: {
      message: [
        '✘ [ERROR] Upload took too long',
        'Asset upload took too long on bucket',
        'Failed to complete asset upload',
        'An unexpected response has been received from the Cloudflare API for assets upload',
        'File could not be uploaded. Please retry',
        'File contents did not upload successfully',
        'File did not upload successfully. Please retry',
        'Failed to upload files. Please try again',
        'Upload took too long',
      ],
      needles: [
        'pload took too long',
        'Failed to complete asset upload',
        'for assets upload',
        'could not be uploaded. Please retry',
        'did not upload successfully',
        'Failed to upload files. Please',
      ],
      group: '✘ [ERROR] The assets could not be uploaded',
      cause: 'asset_upload_failed',
      fault: 'platform',
      examples: [
        '✘ [ERROR] Upload took too long.',
        '✘ [ERROR] An unexpected response has been received from the Cloudflare API for assets upload. Please try again.',
        'Failed to upload files. Please try again. Error: {}',
      ],
    },
    functions_build: {
      message: [
        'Could not find anything to build',
        'Failed to build Functions at <PATH>',
        'Functions.<MESSAGE>',
      ],
      needles: ['Could not find anything to build', 'Failed to build Functions at'],
      group: '✘ [ERROR] The Pages Functions could not be built',
      cause: 'bundle_failed',
      rank: 'family',
      examples: ['✘ [ERROR] Could not find anything to build.'],
    },
    pages_directory: {
      message: [
        'Pages project location',
        'Pages does not support',
        'Configuration file for Pages projects does not support "<NAME>"',
        'Configuration file contains both "main" and "pages_build_output_dir"',
        "Configuration file doesn't support",
        'Running configuration file validation for Pages',
      ],
      needles: [
        'Configuration file for Pages projects',
        'Configuration file contains both',
        'Pages does not support custom',
        'Running configuration file validation for Pages',
        'unsupported configuration keys',
      ],
      group: '✘ [ERROR] The configuration is not one for Pages',
      cause: 'config_invalid',
      docs_url: 'https://developers.cloudflare.com/pages/functions/wrangler-configuration/',
      unless: /\[WARNING\]/,
      examples: [
        '- Configuration file for Pages projects does not support "build"',
        '✘ [ERROR] Running configuration file validation for Pages:',
      ],
    },
  },
})
