import { defineTool } from '../signature.ts'

/** GitHub Actions, Netlify, Vercel, Heroku, Render: people paste their logs, and their commands run here. */
export const otherBuilders = defineTool({
  name: 'Other builders',
  error_code: 'builder_error',
  docs_url: 'https://developers.cloudflare.com/workers/ci-cd/external-cicd/',
  prefixes: [
    // Build & Deploy	Publish to Cloudflare Pages	2026-03-08T22:28:06.4693120Z …  (gh run view)
    /^[^\t]{1,80}\t[^\t]{1,80}\t(?=\d{4}-\d\d-\d\dT)/,
    // Building: …  (Vercel)
    /^Building: /,
    // ##[error]…  (GitHub Actions)
    /^(?:##|::)\[?error\]?(?:[^:\n]{0,80}::)?/,
    // Step #0 - "Build": …  (Cloud Build)
    /^Step #\d{1,4}(?: - "[^"]{1,40}")?: /,
  ],
  noise: [
    // commands that are only echoed: [command]…  ##[group]Run …  (GitHub Actions)
    /^(?:##)?\[command\]|^##\[group\]/,
    // Running "npm run build"  (Vercel)   ==> Running build command 'npm run build'...  (Render)
    /^(?:==> )?Running (?:\w{1,20} command )?["'`]/,
  ],
  markers: [{ needle: 'Exited with code 0', when: /Exited with code 0\b/, absolves: 'weak' }],
  signatures: {
    repository_unavailable: {
      message: [
        'Preparing Git Reference <REF>: failed',
        'Failed to prepare repo',
        "preparing repo' failed",
        'Unable to access repository',
        'Error fetching branch: <URL>',
        'Unable to clone repository',
        "Failed during stage 'preparing repo'",
      ],
      needles: [
        'Failed to prepare repo',
        "stage 'preparing repo'",
        'Unable to access repository',
        'Error fetching branch',
        'Unable to clone repository',
      ],
      group: 'The repository could not be fetched',
      headline: true,
      cause: 'clone_failed',
      examples: [
        "Failed during stage 'preparing repo': exit status 128",
        'Unable to access repository. The repository may have been deleted',
      ],
    },
    root_directory: {
      message: [
        'The specified Root Directory "<PATH>" does not exist',
        'Base directory does not exist: <PATH>',
        'Service Root Directory "<PATH>" is missing',
        'Root directory "<PATH>" does not exist',
      ],
      group: 'The root directory does not exist',
      cause: 'root_directory_not_found',
      examples: [
        'The specified Root Directory "apps/web" does not exist. Please update your Project Settings.',
        'Base directory does not exist: /opt/build/repo/site',
      ],
    },
    function_bundling: {
      message: [
        'Bundling of function "<NAME>" failed',
        'Bundling of edge function failed',
        'Dependencies error',
        'A Netlify Function failed to require one of its dependencies',
        'Could not load edge function',
      ],
      needles: [
        'Bundling of function "',
        'Bundling of edge function',
        'A Netlify Function failed to require',
        'Could not load edge function',
      ],
      group: 'A function could not be bundled',
      cause: 'bundle_failed',
      rank: 'family',
      examples: [
        'Bundling of function "hello" failed',
        'A Netlify Function failed to require one of its dependencies.',
      ],
    },
    config_file: {
      message: [
        'Could not parse configuration file',
        'When resolving config file <PATH>:',
        'Failed to parse configuration',
        "Failed during stage 'Reading and parsing configuration files'",
        'Invalid workflow file',
        'Configuration property <NAME>',
        'yaml: unmarshal errors',
      ],
      needles: [
        'Could not parse configuration file',
        'When resolving config file',
        'Failed to parse configuration',
        'parsing configuration files',
        'Invalid workflow file',
      ],
      group: 'The configuration of the builder cannot be read',
      headline: true,
      cause: 'config_invalid',
      examples: [
        'Could not parse configuration file',
        'Invalid workflow file: .github/workflows/ci.yml#L3',
      ],
    },
    command_exit: {
      message: [
        '^The command "<COMMAND>" exited with {exit}',
        '^==> Exited with status {exit}',
        '^!!! Build failed',
        '^!!! Error: {words}',
        '^Build Failed: exit status {exit}',
        '^Your build has been stopped',
        '^error building at STEP',
        '^BUILD FAILED',
      ],
      needles: [
        'The command "',
        '==> Exited with',
        '!!! Build failed',
        '!!! Error: ',
        'Build Failed: exit',
        'Your build has been stopped',
      ],
      group: 'A command of the build failed',
      cause: 'build_command_failed',
      rank: 'wrapper',
      unless: /exited with 0/,
      examples: [
        'The command "npm run build" exited with 1.',
        '==> Exited with status 1',
        '!!! Build failed',
      ],
    },
    cancelled: {
      message: [
        '^The operation was canceled',
        '^Canceling since a higher priority waiting request',
        '^Build cancelled',
        '^Canceled by user',
      ],
      needles: [
        'The operation was canceled',
        'Canceling since a higher priority',
        'Build cancelled',
        'Canceled by user',
      ],
      group: 'The build was cancelled',
      cause: 'cancelled',
      rank: 'wrapper',
      examples: [
        '##[error]The operation was canceled.',
        'Canceling since a higher priority waiting request for ci exists',
      ],
    },
    port_scan: {
      message: [
        'No open ports detected',
        'Port scan timeout reached',
        'Error R10 (Boot timeout)',
        'Health check failed',
        'failed to become healthy',
        'Deployment failed during network',
      ],
      needles: [
        'Port scan timeout reached',
        'Error R10 (Boot',
        'failed to become healthy',
        'Deployment failed during network',
      ],
      group: 'The application did not open its port in time',
      cause: 'container_unhealthy',
      fault: 'user',
      title: 'The application did not start listening in time',
      fix: 'Listen on the port of the PORT variable, on all interfaces.',
      examples: [
        '==> Port scan timeout reached, failed to detect open port 10000 from PORT environment variable.',
      ],
    },
    runner_lost: {
      message: [
        'lost communication with the server',
        'The runner has received a shutdown signal',
        'The self-hosted runner lost communication',
      ],
      group: 'The runner lost communication with the server',
      cause: 'container_unhealthy',
      rank: 'infrastructure',
      title: 'The machine that ran the build was lost',
      examples: [
        'The hosted runner: Hosted Agent lost communication with the server. Anything in your workflow that terminates the runner process can cause this error.',
        'The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.',
      ],
    },
    runner_timed_out: {
      message: [
        'has exceeded the maximum execution time of <DURATION>',
        'Build exceeded maximum allowed runtime',
        'Your build ran for longer than <DURATION>',
        'Command timed out after <DURATION>',
        'The build was cancelled because it exceeded the maximum build time',
        'ERROR: Job failed: execution took longer than <DURATION>',
      ],
      group: 'The build ran past its time limit',
      cause: 'timed_out',
      rank: 'infrastructure',
      examples: [
        'The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.',
        'Build exceeded maximum allowed runtime',
      ],
    },
    process_exit: {
      message: [
        '^Process completed with exit code {exit}',
        "^The process '<PATH>' failed with exit code {exit}",
        '^Error: Process completed with exit code {exit}',
        "^Error: The process '<PATH>' failed with exit code {exit}",
        '^Error: 🚨 Action failed',
      ],
      group: 'Process completed with exit code {exit}',
      cause: 'script_failed',
      rank: 'wrapper',
      when: /exit code [1-9]|Action failed/,
      examples: [
        "Error: The process '/usr/local/bin/npx' failed with exit code 1",
        '##[error]Process completed with exit code 1.',
        "##[error]The process '/usr/bin/git' failed with exit code 128",
      ],
    },
    netlify_command: {
      message: [
        'Build script returned non-zero exit code: {exit}',
        'Command failed with exit code {exit}: <COMMAND>',
        '"build.command" failed',
      ],
      group: 'Build script returned non-zero exit code',
      cause: 'build_command_failed',
      rank: 'wrapper',
      examples: [
        "Failed during stage 'building site': Build script returned non-zero exit code: 2",
        'Command failed with exit code 1: npm run build (https://ntl.fyi/exit-code-1)',
        '"build.command" failed',
      ],
    },
    netlify_install: {
      message: ['^Failing build: Failed to install dependencies', '^Error during <TOOL> install'],
      cause: 'tools_or_dependencies_failed',
      rank: 'wrapper',
      examples: ['Failing build: Failed to install dependencies', 'Error during npm install'],
    },
    deploy_directory_not_found: {
      message: [
        "Deploy directory '<PATH>' does not exist",
        'No Output Directory named "<PATH>" found after the Build completed',
        'The deploy directory "<PATH>" has not been found',
        'Error: The Output Directory "<PATH>" is empty',
        'Publish directory <PATH> does not exist',
      ],
      group: 'The output directory <PATH> does not exist',
      cause: 'output_directory_not_found',
      examples: [
        "Deploy did not succeed: Deploy directory '_site' does not exist",
        'Error: No Output Directory named "public" found after the Build completed. You can configure the Output Directory in your Project Settings.',
        '==> Publish directory build does not exist!',
      ],
    },
    functions_directory_not_found: {
      message: 'The Netlify Functions setting targets a non-existing directory: <PATH>',
      cause: 'output_directory_not_found',
      title: 'The functions directory does not exist',
      examples: [
        'The Netlify Functions setting targets a non-existing directory: netlify/functions',
      ],
    },
    netlify_plugin: {
      message: [
        'Plugin "<PACKAGE>" failed',
        'Plugin "<PACKAGE>" internal error',
        'Error: Plugin "<PACKAGE>" internal',
      ],
      group: 'Plugin "<PACKAGE>" failed',
      cause: 'bundle_failed',
      rank: 'family',
      title: 'A plugin of the builder failed',
      examples: [
        'Plugin "@netlify/plugin-nextjs" failed',
        'Plugin "@netlify/plugin-nextjs" internal error',
      ],
    },
    secrets_scan: {
      message: [
        'Secrets scanning found secrets in build',
        'Secret env var "<NAME>"\'s value detected',
      ],
      group: 'Secrets scanning found secrets in the build',
      cause: 'deployment_failed',
      title: 'A secret was found in the output',
      fix: 'Keep the secret out of what is deployed.',
      examples: ['Secrets scanning found secrets in build.'],
    },
    vercel_command: {
      message: 'Error: Command "<COMMAND>" exited with {exit}',
      cause: 'build_command_failed',
      rank: 'wrapper',
      examples: ['Error: Command "npm run build" exited with 1'],
    },
    framework_not_detected: {
      message: [
        'No Next.js version detected',
        'No Next.js version could be detected',
        'Could not identify Next.js version',
      ],
      group: 'Error: No Next.js version detected',
      cause: 'framework_not_detected',
      examples: [
        'Error: No Next.js version detected. Make sure your package.json has "next" in either "dependencies" or "devDependencies".',
      ],
    },
    vercel_function_size: {
      message: [
        'A Serverless Function has exceeded the unzipped maximum size of',
        'The Edge Function "<NAME>" size is',
      ],
      cause: 'worker_too_large',
      title: 'A function is larger than the platform allows',
      examples: ['Error: A Serverless Function has exceeded the unzipped maximum size of 250 MB.'],
    },
    vercel_config: {
      message: [
        'Invalid vercel.json',
        'Error: The `vercel.json` schema validation failed',
        'The `functions` property cannot be used in conjunction with',
        'The pattern "<PATTERN>" defined in `functions` doesn\'t match any Serverless Functions',
      ],
      group: 'Invalid vercel.json',
      cause: 'config_invalid',
      examples: [
        'Error: Invalid vercel.json - should NOT have additional property `foo`. Please remove it.',
      ],
    },
    lockfiles_conflict: {
      message: [
        'Two different lockfiles found: <NAMES>',
        'Build failed because multiple lockfiles found',
        'Multiple lockfiles found',
      ],
      cause: 'lockfile_conflict',
      unless: /warn/i,
      examples: ['remote:  !     Two different lockfiles found: package-lock.json and yarn.lock'],
    },
    no_app_detected: {
      message: [
        'No default language could be detected for this app',
        'App not compatible with buildpack',
        'Unable to detect a start command',
        'Nixpacks was unable to generate a build plan',
        'Railpack could not determine how to build the app',
      ],
      group: 'The kind of application could not be detected',
      cause: 'framework_not_detected',
      title: 'The kind of application could not be detected',
      examples: ['remote:  !     No default language could be detected for this app.'],
    },
    heroku_rejected: {
      message: [
        'Push rejected, failed to compile <NAME>',
        '^==> Build failed',
        '-----> Build failed',
      ],
      group: 'Build failed',
      cause: 'build_command_failed',
      rank: 'wrapper',
      examples: [
        'remote:  !     Push rejected, failed to compile Node.js app.',
        '==> Build failed 😞',
      ],
    },
    action_not_found: {
      message: [
        'Unable to resolve action `<ACTION>`',
        "Can't find 'action.yml'",
        'Missing download info for <ACTION>',
      ],
      group: 'Unable to resolve action <ACTION>',
      cause: 'config_invalid',
      title: 'An action of the workflow does not exist',
      examples: [
        '##[error]Unable to resolve action `actions/checkout@v99`, unable to find version `v99`',
      ],
    },
    action_input: {
      message: ['Input required and not supplied: <NAME>'],
      cause: 'env_var_missing',
      title: 'An action of the workflow lacks an input',
      fix: 'Supply the input; a secret that is not set gives an empty one.',
      examples: ['##[error]Input required and not supplied: apiToken'],
    },
    gitlab_job: {
      message: '^ERROR: Job failed: {words}',
      cause: 'script_failed',
      rank: 'wrapper',
      examples: ['ERROR: Job failed: exit code 1'],
    },
  },
})
