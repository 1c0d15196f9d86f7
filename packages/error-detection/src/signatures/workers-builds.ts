import { defineTool } from '../signature.ts'

/** The command itself, or the last one that a script runs, echoed. */
const SILENT = /^(?:Executing user (?:build|deploy) command: |> \S|\$ \S)/
const SILENT_FIX =
  'A check such as `test -n "$NAME"`, or `exit 1`, fails without a word: see whether what the command checks is there (build variables, files), and let it print the reason; `set -x` in front shows which command failed.'

/**
 * The builder's own lines, in the words of Workers Builds and of Pages. All but a few say only which
 * step failed: those have the rank `stage`, so that they are the answer when nothing else is.
 */
export const workersBuilds = defineTool({
  name: 'Workers Builds',
  error_code: 'build_error',
  docs_url: 'https://developers.cloudflare.com/workers/ci-cd/builds/troubleshoot/',
  markers: [
    {
      needle: 'Initializing build environment',
      when: /^Initializing build env/,
      begins: 'initializing',
    },
    { needle: 'Cloning repository', when: /^Cloning repository/, begins: 'cloning' },
    {
      needle: 'Installing project dependencies',
      when: /^Installing project dep/,
      begins: 'installing',
    },
    {
      needle: 'Executing user build command',
      when: /^Executing user build/,
      begins: 'building',
      absolves: 'all',
    },
    { needle: 'Executing user command', when: /^Executing user command/, begins: 'building' },
    {
      needle: 'Executing user deploy command',
      when: /^Executing user deploy/,
      begins: 'deploying',
      absolves: 'all',
    },
    {
      needle: 'Success: Build command completed',
      when: /^Success: Build command completed/,
      absolves: 'all',
    },
    {
      needle: 'Success: Deploy command completed',
      when: /^Success: Deploy command/,
      absolves: 'all',
    },
    { needle: 'Success: Your site was deployed', when: /^Success: Your site was/, absolves: 'all' },
    { needle: 'Success: Assets published', when: /^Success: Assets published/, absolves: 'all' },
    {
      needle: 'Validating asset output directory',
      when: /^Validating asset output/,
      absolves: 'all',
    },
  ],
  noise: [
    // whatever the command holds, it is only echoed
    /^Executing user (?:build |deploy )?command: /,
  ],
  signatures: {
    links_in_output: {
      message: "^Failed: build output directory contains links to files that can't be accessed",
      cause: 'output_directory_not_found',
      title: 'The output directory holds links to files outside of it',
      fix: 'Name the directory that the build writes to; most often the one named is the root.',
      examples: ["Failed: build output directory contains links to files that can't be accessed"],
    },
    unknown_internal_error: {
      message: [
        '^Failed: unknown internal error',
        '^Failed: unable to submit build job',
        '^Unknown internal error occurred',
        '^Failed: error occurred while uploading',
        '^Failed: an unknown error occurred',
      ],
      group: 'Failed: an internal error occurred',
      error_code: 'internal_error',
      cause: 'platform_internal_error',
      examples: ['Failed: unable to submit build job', 'Failed: unknown internal error occurred'],
    },
    build_token_invalid: {
      message: '^Failed: The build token selected for this build has been deleted or rolled',
      error_code: 'build_token_invalid',
      cause: 'build_token_invalid',
      rank: 'infrastructure',
      examples: [
        'Failed: The build token selected for this build has been deleted or rolled and cannot be used for this build. Please update your build token in the Worker Builds settings and retry the build.',
      ],
    },
    tool_not_installed: {
      message: '^<TOOL> could not be installed$',
      when: /^(?:nodejs|npm|pnpm|yarn|bun|python|ruby|go|hugo|rust) \S+ could not be installed$/,
      group: 'A tool could not be installed',
      cause: 'tool_version_not_found',
      // What npm said before it is about the tool, not about the project.
      rank: 'infrastructure',
      steps: ['installing'],
      examples: [
        'nodejs 24.99.99 could not be installed',
        'pnpm 10.99999.0 could not be installed',
      ],
    },
    internal_error: {
      message: '^Failed: an internal error occurred',
      error_code: 'internal_error',
      cause: 'platform_internal_error',
      examples: [
        'Failed: an internal error occurred. If this continues, contact support: https://cfl.re/3WgEyrH',
      ],
    },
    health_check_failed: {
      message: '^Failed: the build environment stopped answering',
      group: 'The build container stopped answering',
      error_code: 'health_check_failed',
      cause: 'container_unhealthy',
      rank: 'infrastructure',
      examples: ['Failed: the build environment stopped answering. Please retry the build.'],
    },
    initialization_failed: {
      message: '^Failed: the build environment could not be started',
      group: 'The build environment could not be started',
      error_code: 'initialization_failed',
      cause: 'initialization_failed',
      rank: 'infrastructure',
      examples: ['Failed: the build environment could not be started. Please retry the build.'],
    },
    repo_disconnected: {
      message: '^Failed: the Git repository is no longer connected',
      group: 'The repository is not connected',
      error_code: 'repo_disconnected',
      cause: 'repo_disconnected',
      rank: 'infrastructure',
      examples: [
        'Failed: the Git repository is no longer connected. Please connect it again in the Worker Builds settings and retry the build.',
      ],
    },
    timed_out: {
      message: ['^Build was timed out', '^Failed: build exceeded the time limit'],
      error_code: 'build_timed_out',
      cause: 'timed_out',
      rank: 'infrastructure',
      examples: ['Build was timed out', 'Failed: build exceeded the time limit and was terminated'],
    },
    memory_limit: {
      message: '^Failed: build exceeded memory limit',
      error_code: 'build_out_of_memory',
      cause: 'memory_limit_exceeded',
      rank: 'infrastructure',
      examples: ['Failed: build exceeded memory limit and was terminated'],
    },
    memory_limit_reached: {
      message: '^Memory limit reached: a build may use <SIZE>',
      group: 'Memory limit reached',
      error_code: 'build_out_of_memory',
      cause: 'memory_limit_exceeded',
      rank: 'infrastructure',
      settles: true,
      examples: [
        'Memory limit reached: a build may use 8192 MB; a process of it was ended because they needed more.',
      ],
    },
    command_killed: {
      message: '^Exit code 137: the command was killed, as one is that needs more memory',
      group: 'The command was killed (exit code 137)',
      error_code: 'build_out_of_memory',
      cause: 'process_killed',
      examples: [
        'Exit code 137: the command was killed, as one is that needs more memory than there is; a build may use 12288 MB.',
      ],
    },
    container_killed: {
      message: '^The container of the build was killed (exit code 137)',
      group: 'The container was killed (exit code 137)',
      error_code: 'build_out_of_memory',
      cause: 'process_killed',
      rank: 'infrastructure',
      examples: [
        'The container of the build was killed (exit code 137), as one is that has no memory left: a standard-4 has 12288 MB.',
      ],
    },
    process_limit_reached: {
      message: '^Process limit reached: a build may have <N> processes and threads at a time',
      group: 'Process limit reached',
      cause: 'process_limit_reached',
      rank: 'infrastructure',
      settles: true,
      examples: [
        'Process limit reached: a build may have 4096 processes and threads at a time; it could not start another one.',
      ],
    },
    disk_limit_reached: {
      message: [
        '^Disk limit reached: the files of a build may take <SIZE>',
        '^Disk full: a file system of this machine has no room left',
      ],
      group: 'Disk limit reached',
      cause: 'disk_full',
      rank: 'infrastructure',
      settles: true,
      examples: [
        'Disk limit reached: the files of a build may take 20480 MB; its processes were ended because they took more.',
        'Disk full: a file system of this machine has no room left; its disk has 20 GB, of which the image takes a part.',
      ],
    },
    file_size_limit_reached: {
      message: '^File size limit reached: a file of a build may have <SIZE>',
      group: 'File size limit reached',
      cause: 'disk_full',
      rank: 'infrastructure',
      settles: true,
      title: 'A file grew larger than a build may write',
      examples: ['File size limit reached: a file of a build may have 20480 MB.'],
    },
    dev_dependencies_left_out: {
      message: '^devDependencies are not installed, since ',
      group: 'devDependencies are not installed',
      cause: 'dev_dependencies_left_out',
      settles: true,
      steps: ['building', 'deploying'],
      examples: [
        'devDependencies are not installed, since "omit=dev" in .npmrc leaves them out: one of them may bring vite, which was not found.',
      ],
    },
    network_shut_off: {
      message: '^Network shut off: the build command tried to reach something',
      group: 'The build command tried to reach the network, which is shut off',
      cause: 'network_shut_off',
      rank: 'infrastructure',
      steps: ['building'],
      examples: [
        'Network shut off: the build command tried to reach something, and network of the trigger is none. Fetch it while dependencies are installed, or set network to full.',
      ],
    },
    network_not_shut_off: {
      message: '^The network cannot be shut off on this machine',
      group: 'The network cannot be shut off where this build ran',
      cause: 'network_shut_off',
      fault: 'platform',
      title: 'The network cannot be shut off where this build ran',
      fix: 'Set network of the trigger to full, or have builds run on Linux.',
      rank: 'infrastructure',
      steps: ['building'],
      examples: [
        'The network cannot be shut off on this machine, so the build command is not run: network of the trigger is none. Set it to full, or build where Linux runs builds.',
      ],
    },
    fetching_repository: {
      message: '^Failed: error occurred while fetching repository',
      error_code: 'clone_failed',
      cause: 'clone_failed',
      rank: 'stage',
      examples: ['Failed: error occurred while fetching repository'],
    },
    updating_submodules: {
      message: '^Failed: error occurred while updating repository submodules',
      error_code: 'clone_failed',
      cause: 'git_submodule_failed',
      rank: 'stage',
      examples: ['Failed: error occurred while updating repository submodules'],
    },
    root_directory_not_found: {
      message: '^Failed: root directory not found',
      cause: 'root_directory_not_found',
      examples: ['Failed: root directory not found'],
    },
    tool_versions_file: {
      message: '^Failed: error occurred while installing tools or dependencies',
      previous: /^Found a \.tool-versions file/,
      group: 'Failed to install the tools of the .tool-versions file',
      error_code: 'installing_tools_or_dependencies_failed',
      cause: 'tool_version_not_found',
      fault: 'suspect',
      fix: 'Ask in .tool-versions only for released versions of tools that the build image supports.',
      examples: [
        'Found a .tool-versions file in repository root. Installing dependencies.\nFailed: error occurred while installing tools or dependencies',
      ],
    },
    unreadable_file: {
      message: ['^<FILE> is larger than <N> bytes$', '^<FILE> is not a regular file$'],
      when: /^[\w.@-]{1,80} is (?:larger than \d{1,12} bytes|not a regular file)$/,
      group: 'A file that the install reads cannot be read',
      cause: 'manifest_invalid',
      title: 'package.json or a file beside it cannot be read',
      fix: 'Make the file that this line names an ordinary one of a usual size: no link, no folder, no generated data.',
      steps: ['installing'],
      examples: ['package.json is larger than 1048576 bytes', 'package.json is not a regular file'],
    },
    not_a_version: {
      message: '<VERSION> is not a version of <TOOL>',
      when: / is not a version of [a-z]{2,10}(?:$|: write one such as )/,
      group: '<VERSION> is not a version of <TOOL>',
      cause: 'tool_version_not_found',
      fault: 'suspect',
      // What npm or mise said before it is about the tool, not about the project.
      rank: 'infrastructure',
      steps: ['installing'],
      examples: [
        'someone/something is not a version of nodejs',
        '.nvmrc: 20.99.0 is not a version of nodejs: write one such as 24.18.0, 24, >=22.12 <25 or lts/*',
        'package.json (packageManager): 10.99999.0 is not a version of pnpm: write one such as 10.11.1 or 10',
      ],
    },
    tool_version: {
      message: '^Failed: error occurred while installing tools or dependencies',
      previous: /^Installing (?:nodejs|node|python|ruby|go|golang|hugo|bun|pnpm|yarn) \d/,
      group: 'Failed to install a version of a tool',
      error_code: 'installing_tools_or_dependencies_failed',
      cause: 'tool_version_not_found',
      fault: 'suspect',
      examples: [
        'Installing nodejs 20.99.0\nFailed: error occurred while installing tools or dependencies',
      ],
    },
    installing_tools_or_dependencies: {
      message: '^Failed: error occurred while installing tools or dependencies',
      error_code: 'installing_tools_or_dependencies_failed',
      cause: 'tools_or_dependencies_failed',
      rank: 'stage',
      examples: ['Failed: error occurred while installing tools or dependencies'],
    },
    silent_build_command: {
      message: '^Failed: error occurred while running build command',
      previous: SILENT,
      group: 'Failed: the build command printed nothing',
      error_code: 'build_command_failed',
      cause: 'build_command_failed',
      rank: 'stage',
      title: 'The build command failed without printing anything',
      fix: SILENT_FIX,
      examples: [
        'Executing user build command: test -n "$API_BASE" && npm run build\nFailed: error occurred while running build command',
      ],
    },
    silent_deploy_command: {
      message: '^Failed: error occurred while running deploy command',
      previous: SILENT,
      group: 'Failed: the deploy command printed nothing',
      error_code: 'deploy_command_failed',
      cause: 'deploy_command_failed',
      rank: 'stage',
      title: 'The deploy command failed without printing anything',
      fix: SILENT_FIX,
      examples: [
        'Executing user deploy command: test -f dist/index.js\nFailed: error occurred while running deploy command',
      ],
    },
    build_command: {
      message: [
        '^Failed: error occurred while running build command',
        '^Failed: build command exited with code: {exit}',
        '^Failed: Error while executing user command. Exited with error code: {exit}',
      ],
      error_code: 'build_command_failed',
      cause: 'build_command_failed',
      rank: 'stage',
      examples: [
        'Failed: error occurred while running build command',
        'Failed: build command exited with code: 1',
        'Failed: Error while executing user command. Exited with error code: 1',
      ],
    },
    deploy_command: {
      message: '^Failed: error occurred while running deploy command',
      error_code: 'deploy_command_failed',
      cause: 'deploy_command_failed',
      rank: 'stage',
      examples: ['Failed: error occurred while running deploy command'],
    },
    output_directory_not_found: {
      message: [
        '^Error: Output directory "<PATH>" not found',
        '^Failed: build output directory not found',
      ],
      cause: 'output_directory_not_found',
      examples: [
        'Error: Output directory "dist" not found.',
        'Failed: build output directory not found',
      ],
    },
    output_invalid: {
      message: '^Failed: error occurred while validating assets in your output directory',
      cause: 'assets_misconfigured',
      rank: 'stage',
      title: 'The output directory holds files that cannot be deployed',
      fix: 'See the line before it: a file is larger than 25 MiB, there are too many, or the directory does not exist.',
      examples: ['Failed: error occurred while validating assets in your output directory'],
    },
    functions: {
      message: ['^Failed: generating Pages Functions failed', '^Failed building Pages Functions'],
      error_code: 'pages_functions_error',
      cause: 'bundle_failed',
      rank: 'stage',
      title: 'The Pages Functions could not be bundled',
      examples: [
        'Failed: generating Pages Functions failed. Check the logs above for more information.',
        'Failed building Pages Functions.',
      ],
    },
    functions_too_large: {
      message: 'Generated Pages Functions bundle size (<N>) is over the limit of',
      error_code: 'pages_functions_error',
      cause: 'worker_too_large',
      examples: ['Generated Pages Functions bundle size (27010171) is over the limit of 25.0 MiB'],
    },
    functions_upload: {
      message: '^Failed to publish your Function. Got error: {words}',
      error_code: 'pages_functions_error',
      cause: 'deployment_failed',
      rank: 'family',
      title: 'The Pages Functions could not be deployed',
      examples: ['Failed to publish your Function. Got error: Something went wrong.'],
    },
    pages_output_validation: {
      message: '^Failed: {words}',
      needles: ['Failed: '],
      cause: 'deployment_failed',
      rank: 'stage',
      title: 'The builder reported a failure',
      examples: ['Failed: unable to read the wrangler configuration. See the logs above.'],
    },
    seed_repository: {
      message: '^Failed: could not push contents of source repo to destination repo',
      cause: 'clone_failed',
      fault: 'platform',
      title: 'The template could not be copied to the new repository',
      examples: ['Failed: could not push contents of source repo to destination repo'],
    },
  },
})
