/**
 * The reasons why builds fail, whichever tool reports them. A cause carries the text that a person
 * reads; a signature overrides it where a tool's own case differs.
 *
 * @module
 */
import type { Fault } from '@workers-builds/contracts'

interface CauseInfo {
  title: string
  fault: Fault
  fix: string
}

const user = (title: string, fix: string): CauseInfo => ({ title, fault: 'user', fix })
const suspect = (title: string, fix: string): CauseInfo => ({ title, fault: 'suspect', fix })
const platform = (title: string, fix: string): CauseInfo => ({ title, fault: 'platform', fix })
const upstream = (title: string, fix: string): CauseInfo => ({ title, fault: 'upstream', fix })

export const CAUSES = {
  // The builder itself
  timed_out: suspect(
    'The build ran past its time limit',
    'Look for the last thing the log says: a command that waits for input, a watch mode, a server that does not exit. If the build is only slow, cache more or build less.',
  ),
  container_unhealthy: platform(
    'The build container stopped answering',
    'Retry the build. If it happens again, the build may use more memory than its container has.',
  ),
  initialization_failed: platform(
    'The build environment could not be started',
    'Nothing in the project is at fault. Retry the build.',
  ),
  platform_internal_error: platform(
    'The builder had an internal error',
    'Nothing in the project is at fault. Retry the build.',
  ),
  build_token_invalid: user(
    'The API token of this build was deleted or rolled',
    'Choose or create another API token in the build settings, then retry the build.',
  ),
  repo_disconnected: user(
    'The repository is no longer connected',
    'Connect the repository again, and check that the Git app still has access to it.',
  ),
  tools_or_dependencies_failed: suspect(
    'Tools or dependencies could not be installed',
    'See the last lines of the install step. A version in .tool-versions, .nvmrc or an environment variable may not exist, or not be supported.',
  ),
  cancelled: user('The build was cancelled', 'Nothing is wrong with the project; start it again.'),
  build_command_failed: user('The build command failed', 'See the lines before the command ended.'),
  deploy_command_failed: user(
    'The deploy command failed',
    'See the lines before the command ended.',
  ),
  memory_limit_exceeded: suspect(
    'The build used more memory than its container has',
    'Build with fewer workers, or split the build.',
  ),

  // Git
  clone_failed: suspect(
    'The repository could not be fetched',
    'Check that the Git app still has access to the repository and that the branch still exists, then retry.',
  ),
  repository_not_found: user(
    'A repository does not exist, or may not be read',
    'Check its address, and that the Git app or the token may read it.',
  ),
  git_auth_failed: suspect(
    'Git could not log in to a repository',
    'A private submodule: name its repository in clone_repositories of the trigger, with the Git app installed on it, or set clone_submodules to false. A private Git dependency: use an HTTPS address and a token in a build variable.',
  ),
  git_ref_not_found: suspect(
    'A branch, tag or commit does not exist any more',
    'It was deleted or force-pushed after the build was queued. Push again.',
  ),
  git_submodule_failed: user(
    'A Git submodule could not be fetched',
    'Check .gitmodules: every submodule needs an address that the build may read. A private one of the same host: name it in clone_repositories of the trigger. One that the build does not need: set clone_submodules to false. One that is not meant to be a submodule: `git rm --cached PATH`.',
  ),
  git_lfs_failed: user(
    'A Git LFS file could not be fetched',
    'Check that the file was pushed with `git lfs push`, and that the LFS budget is not used up.',
  ),
  git_failed: user('A Git command failed', 'See what Git says on this line.'),
  root_directory_not_found: user(
    'The root directory is not in the repository',
    'Correct the root directory in the build settings; letter case counts.',
  ),

  // Tools and their versions
  tool_version_not_found: user(
    'A tool version does not exist, or cannot be installed here',
    'Ask for a version that is released and supported, in .tool-versions, .nvmrc, package.json or the environment variable.',
  ),
  tool_version_not_selected: suspect(
    'No installed version of a tool is selected',
    'Name a version of the tool in .tool-versions or in an environment variable.',
  ),
  tool_download_failed: upstream('A tool could not be downloaded', 'Retry the build.'),
  node_version_incompatible: user(
    'The Node.js version does not suit the project',
    'Choose another Node.js version: set NODE_VERSION, or add a .nvmrc file.',
  ),
  python_version_incompatible: user(
    'The Python version does not suit the project',
    'Choose another Python version: set PYTHON_VERSION, or add a .python-version file.',
  ),
  ruby_version_incompatible: user(
    'The Ruby version does not suit the project',
    'Choose another Ruby version: set RUBY_VERSION, or add a .ruby-version file.',
  ),
  tool_version_incompatible: user(
    'The version of a tool does not suit the project',
    'Choose the version that this line asks for.',
  ),
  package_manager_mismatch: suspect(
    'The project asks for another package manager',
    'Make the packageManager field, the lockfile and the install command agree.',
  ),
  package_manager_signature: platform(
    'Corepack could not verify a package manager',
    'The Corepack of the build image is too old for the keys in use: set COREPACK_INTEGRITY_KEYS=0, or name the version in an environment variable.',
  ),

  // Dependencies
  lockfile_out_of_sync: suspect(
    'The lockfile is out of date',
    'Run the install command on your machine with the same package manager and version, and commit the lockfile.',
  ),
  lockfile_incompatible: suspect(
    'The lockfile cannot be read by this version of the package manager',
    'Use the version of the package manager that wrote the lockfile, or write it again with the one in use.',
  ),
  lockfile_missing: user(
    'There is no lockfile',
    'Commit the lockfile, or install without freezing it.',
  ),
  lockfile_conflict: user(
    'The project has lockfiles of several package managers',
    'Keep the lockfile of the package manager you use, and delete the others.',
  ),
  peer_dependency_conflict: user(
    'Dependencies ask for versions that exclude each other',
    'Bring the versions into agreement. As a stopgap, `legacy-peer-deps=true` in .npmrc lets npm install anyway.',
  ),
  dependency_version_not_found: user(
    'A dependency asks for a version that does not exist',
    'Correct the version in the manifest, and the registry if it is a private one.',
  ),
  dependency_not_found: user(
    'A dependency does not exist in the registry',
    'Check the spelling of its name, and the registry and token if it is private.',
  ),
  dependency_conflict: user(
    'The versions that the dependencies ask for cannot all be met',
    'Loosen or update the requirements that this line names.',
  ),
  registry_auth_failed: user(
    'The package registry refused the credentials',
    'Set the token that the registry needs as a build variable, and name it in .npmrc or its like.',
  ),
  registry_rate_limited: upstream(
    'A registry or API refused too many requests',
    'Retry the build later.',
  ),
  registry_unavailable: upstream('The package registry had an error', 'Retry the build later.'),
  dev_dependencies_left_out: user(
    'The devDependencies that the build needs were left out of the install',
    'Remove what this line names, or move what the build needs to dependencies.',
  ),
  network_shut_off: user(
    'The build command needs the network, and the trigger shuts it off',
    'Fetch what it needs while dependencies are installed, or set network of the trigger to full.',
  ),
  network_error: upstream(
    'A network connection failed',
    'Retry the build; if it persists, check the host it names.',
  ),
  tls_error: upstream(
    'A TLS certificate could not be verified',
    'Check the certificate of the host, and any proxy in between.',
  ),
  integrity_mismatch: suspect(
    'A downloaded package is not the one that the lockfile describes',
    'Delete the entry, or the lockfile, and write it again; clear the build cache.',
  ),
  platform_unsupported: user(
    'A dependency does not support the platform of the build',
    'Make it an optional dependency, or remove it: builds run on Linux x64.',
  ),
  platform_binary_missing: suspect(
    'A native binary for Linux is missing from the dependencies',
    'The lockfile was written on another system. Delete node_modules and the lockfile, install again, and commit; or add the Linux package as an optional dependency.',
  ),
  install_scripts_blocked: suspect(
    'The package manager refused to run install scripts',
    'Allow the packages that need them: `pnpm approve-builds`, `trustedDependencies`, or their like.',
  ),
  git_dependency_failed: user(
    'A dependency from a Git repository could not be fetched or prepared',
    'Check its address and that the build may read it; or publish it to a registry.',
  ),
  native_build_failed: user(
    'A native dependency could not be compiled',
    'Use a version that has prebuilt binaries for this platform and runtime, or install the compiler and libraries it needs.',
  ),
  system_library_missing: suspect(
    'A program or library of the operating system is missing',
    'Install it in the build, or use a dependency that brings its own.',
  ),
  install_script_failed: user(
    'The install script of a dependency failed',
    'See the lines before it for what the script itself says.',
  ),
  manifest_invalid: user(
    'The package manifest is not valid',
    'Correct the file at the place that this line names.',
  ),
  manifest_not_found: user(
    'There is no package manifest where the build looks for one',
    'Correct the root directory in the build settings, or commit the file.',
  ),
  workspace_error: suspect(
    'The workspace is not set up as the package manager expects',
    'Correct the workspace settings; a package that is asked for with `workspace:` must be in one.',
  ),
  patch_failed: user(
    'A dependency patch does not apply',
    'Make the patch again for the version in use, or remove it.',
  ),
  release_age_blocked: user(
    'A version is younger than the package manager may install',
    'Wait, ask for an older version, or exclude the package from the minimum release age.',
  ),
  package_manager_crashed: upstream(
    'The package manager crashed',
    'Retry the build, or use another version of it.',
  ),
  package_manager_error: user(
    'The package manager reported an error',
    'See what it says on this line and after it.',
  ),

  // System
  process_limit_reached: user(
    'The build started more processes than it may have',
    'Build with fewer workers, and look for a script that calls itself.',
  ),
  disk_full: suspect('The disk is full', 'Build less at once, or clean up between commands.'),
  permission_denied: user(
    'A file may not be read, written or run',
    'Make scripts executable (`git update-index --chmod=+x FILE`), and write only below the project and the home folder.',
  ),
  file_not_found: user(
    'A file or folder does not exist',
    'Check that it is committed and that its letter case is right: builds run on Linux.',
  ),
  file_system_error: user('A file operation failed', 'See what the system says on this line.'),
  command_not_found: user(
    'A command is not installed',
    'Add the package that brings it to the dependencies, or correct its name.',
  ),
  out_of_memory: suspect(
    'Node.js ran out of memory',
    'Set NODE_OPTIONS=--max-old-space-size to more, and build less at once.',
  ),
  process_killed: suspect(
    'The system killed the process, most often for want of memory',
    'Build with fewer workers or less at once.',
  ),
  process_crashed: suspect(
    'A program crashed',
    'Use another version of the program, or report it to its makers.',
  ),
  port_in_use: user(
    'A port is already in use',
    'Stop what the build started before, or use another port.',
  ),

  // Code
  module_not_found: user(
    'A module or file that the code imports does not exist',
    'Install the package, or correct the path: check that the file is committed, and its letter case.',
  ),
  missing_export: user(
    'The code imports a name that the module does not export',
    'Correct the name, or import the default; check the version of the package.',
  ),
  type_error: user(
    'The code has type errors',
    'Correct the types; `tsc --noEmit` shows the same errors.',
  ),
  syntax_error: user(
    'A source file has a syntax error',
    'Correct the file at the place that the log names.',
  ),
  lint_error: user(
    'The linter found errors',
    'Correct what it lists, or lint apart from the build.',
  ),
  lint_config_invalid: user(
    'The configuration of the linter is not valid',
    'Correct its configuration, or its version.',
  ),
  formatting_error: user(
    'Files are not formatted as required',
    'Run the formatter, and commit what it changes.',
  ),
  warnings_as_errors: user(
    'Warnings count as errors because CI is set',
    'Correct the warnings, or set CI=false for the build command.',
  ),
  test_failed: user('A test failed', 'See which test the log names.'),
  exception: user(
    'The build ran into an exception',
    'See the message and the stack that follows it.',
  ),
  undefined_reference: user(
    'The code uses something that is not defined here',
    'Browser globals such as window do not exist while building; guard them or load that code on the client only.',
  ),
  javascript_api_misuse: user(
    'The code calls something in a wrong way',
    'See the message and the stack that follows it.',
  ),
  module_format_mismatch: user(
    'CommonJS and ES modules are mixed',
    'Use import for ES modules, set "type" in package.json, or name the file .cjs or .mjs.',
  ),
  legacy_openssl: user(
    'The bundler is too old for the OpenSSL of this Node.js',
    'Update webpack, or set NODE_OPTIONS=--openssl-legacy-provider, or use Node.js 16.',
  ),
  css_error: user(
    'A style sheet could not be processed',
    'Correct the file at the place that the log names.',
  ),
  script_missing: user(
    'The script that was asked for is not in package.json',
    'Add the script, or correct the command in the build settings.',
  ),
  invalid_command: user(
    'A command was called in a way that it does not understand',
    'Correct its arguments.',
  ),
  script_failed: user(
    'A script failed',
    'See the lines before it for what the script itself says.',
  ),
  line_endings: user(
    'A script has Windows line endings',
    'Save it with LF line endings, and say so in .gitattributes.',
  ),
  config_invalid: user('A configuration file is not valid', 'Correct the file as this line says.'),
  not_supported: user(
    'A tool does not support, or does not allow, what it is asked for',
    'The line says what it does not take: change the command, the setting or the code that asks for it.',
  ),
  conflict: user(
    'Two things that the project names exclude each other',
    'Keep one of the two that the line names, or give one of them another name.',
  ),
  resource_not_found: user(
    'Something that is asked for by its name is not there',
    'Check the name that the line gives, and that it exists where the build looks for it.',
  ),
  config_not_found: user(
    'A configuration file is missing',
    'Commit the file, or correct the root directory or the command.',
  ),
  env_var_missing: user(
    'An environment variable is missing or not valid',
    'Add it to the build variables; runtime variables and secrets are not there while building.',
  ),
  prerender_failed: user(
    'A page could not be rendered while building',
    'Correct the page, or render it on request instead.',
  ),
  fetch_failed: upstream(
    'A request that the build makes was not answered as needed',
    'Check the address, and that the service is up.',
  ),
  local_service_missing: user(
    'The build asks a service on its own machine, and none runs there',
    'A build has no database and no server of yours on 127.0.0.1: set the address of one that it can reach in a build variable, start the service in the build command, or do not ask it while building.',
  ),
  database_unreachable: user(
    'The database could not be reached',
    'Check its address, and that it may be reached from a build; or do not ask it while building.',
  ),
  database_error: user(
    'The database refused a statement',
    'See what the database says on this line.',
  ),
  database_schema_invalid: user(
    'The database schema is not valid',
    'Correct the schema as this line says.',
  ),
  client_not_generated: user(
    'A generated client is missing',
    'Run the generator before the build, for example `prisma generate` in a postinstall script.',
  ),
  content_invalid: user(
    'Content does not have the form that the site expects',
    'Correct the file that the log names.',
  ),
  template_error: user(
    'A template could not be rendered',
    'Correct the template that the log names.',
  ),
  theme_not_found: user(
    'A theme or module of the site is missing',
    'Commit it, or add it as a submodule or a module that the build may fetch.',
  ),
  image_error: user(
    'An image could not be processed',
    'Check that the file exists and is a valid image.',
  ),
  framework_misuse: user(
    'The code breaks a rule of its framework',
    'Correct it as this line says.',
  ),
  adapter_missing: user(
    'The framework needs an adapter for this deployment',
    'Install and configure the adapter for Cloudflare.',
  ),
  framework_not_detected: user(
    'The framework was not found where the build looks for it',
    'Correct the root directory in the build settings, or add the framework to the dependencies.',
  ),
  bundle_failed: user('The bundler failed', 'See the lines around it for the file and the reason.'),
  compile_failed: user(
    'The code could not be compiled',
    'See the lines around it for the file and the reason.',
  ),
  budget_exceeded: user(
    'The output is larger than its budget allows',
    'Make it smaller, or raise the budget.',
  ),
  duplicate_output: user('Two inputs write the same output', 'Give one of them another path.'),

  // Deploy
  output_directory_not_found: user(
    'The output directory does not exist',
    'Name the directory that the build writes to, and check that the build command runs.',
  ),
  entry_point_missing: suspect(
    'Wrangler does not know what to deploy',
    'Add a Wrangler configuration file with `main` or `assets.directory`, or correct the root directory.',
  ),
  entry_point_not_found: user(
    'The entry point of the Worker does not exist',
    'Correct `main`, or run the build that writes it before deploying.',
  ),
  worker_name_mismatch: user(
    'The name in the configuration is not the name of this Worker',
    'Make `name` in the Wrangler configuration the same as the Worker that the build is connected to.',
  ),
  account_mismatch: user(
    'The account in the configuration is not the account of this Worker',
    'Correct `account_id`, or remove it.',
  ),
  worker_not_found: user(
    'The Worker does not exist',
    'Deploy it once before this command, or correct its name.',
  ),
  binding_not_found: user(
    'A binding refers to something that does not exist',
    'Create the resource, or correct its name or id in the Wrangler configuration.',
  ),
  binding_invalid: user(
    'A binding is not configured as it must be',
    'Correct the binding in the Wrangler configuration.',
  ),
  durable_object_migration: user(
    'The Durable Object classes and their migrations do not agree',
    'Export the class from the entry point, or add the migration that creates, renames or deletes it.',
  ),
  worker_too_large: user(
    'The Worker is larger than the plan allows',
    'Make the bundle smaller, or use a paid plan.',
  ),
  asset_too_large: user(
    'An asset is larger than 25 MiB',
    'Keep it out of the assets with .assetsignore, or serve it from R2.',
  ),
  too_many_assets: user(
    'There are more assets than the plan allows',
    'Keep files out with .assetsignore.',
  ),
  assets_misconfigured: user(
    'The assets are not configured as they must be',
    'Correct `assets` in the Wrangler configuration.',
  ),
  asset_upload_failed: upstream('The assets could not be uploaded', 'Retry the build.'),
  worker_startup_failed: user(
    'The Worker fails when it starts',
    'Code at the top level throws or takes too long: see the message, and do the work inside a handler.',
  ),
  worker_validation_failed: user(
    'Cloudflare did not accept the Worker',
    'See what the API says on this line.',
  ),
  api_auth_failed: suspect(
    'The Cloudflare API refused the token',
    'Check that the API token exists and has the permissions that this command needs.',
  ),
  api_token_missing: user(
    'There is no Cloudflare API token',
    'Set CLOUDFLARE_API_TOKEN, or use the token of the build.',
  ),
  account_id_missing: user(
    'It is not clear which Cloudflare account to use',
    'Set CLOUDFLARE_ACCOUNT_ID, or `account_id` in the Wrangler configuration.',
  ),
  api_error: suspect(
    'The Cloudflare API refused a request',
    'See the code and the message of the API.',
  ),
  api_unavailable: platform('The Cloudflare API had an error', 'Retry the build later.'),
  route_conflict: user(
    'A route or domain belongs to something else, or to no zone of yours',
    'Correct the route, or free it first.',
  ),
  subdomain_missing: user(
    'The account has no workers.dev subdomain yet',
    'Open Workers in the dashboard once to register it.',
  ),
  secret_missing: user(
    'Secrets that the Worker needs are not set',
    'Set them with `wrangler secret put`.',
  ),
  plan_required: user(
    'The plan of the account does not include this',
    'Use a paid plan, or leave the feature out.',
  ),
  plan_limit_reached: user(
    'The account has reached a limit of its plan',
    'Delete what is not needed, or use a larger plan.',
  ),
  compatibility_flag_missing: user(
    'The code uses Node.js modules without the compatibility flag',
    'Add "nodejs_compat" to compatibility_flags, with a recent compatibility_date.',
  ),
  edge_runtime_required: user(
    'Routes are not set to run on the Edge Runtime',
    'Export `runtime = "edge"` from them, or use OpenNext.',
  ),
  deployment_failed: user('The deployment failed', 'See the lines around it for the reason.'),
  account_not_verified: user(
    'The account is not verified',
    'Verify the email address of the account.',
  ),
  authentication_failed: user(
    'A service refused the credentials',
    'Check the token or key, and that it is among the build variables.',
  ),
  service_error: upstream('A service that the build uses had an error', 'Retry the build later.'),
  container_build_failed: user(
    'A container image could not be built',
    'See the step of the Dockerfile that failed.',
  ),
  wrangler_error: user(
    'Wrangler reported an error',
    'See what Wrangler says on this line and after it.',
  ),
} as const satisfies Record<string, CauseInfo>

export type Cause = keyof typeof CAUSES

/** Causes that only say that something failed: the words of a line may say more. */
export const GENERAL_CAUSES: ReadonlySet<string> = new Set<Cause>([
  'package_manager_error',
  'wrangler_error',
  'api_error',
  'bundle_failed',
  'compile_failed',
  'script_failed',
  'build_command_failed',
  'deploy_command_failed',
  'deployment_failed',
  'exception',
  'git_failed',
  'service_error',
  'framework_misuse',
])
