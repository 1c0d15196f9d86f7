import { defineTool } from '../signature.ts'

const LOCKFILE_FIX =
  'Run `npm install` with the npm version of the build, and commit package-lock.json.'

/** Lines begin with `npm error` from version 10 and `npm ERR!` before; both are read as the former. */
export const npm = defineTool({
  name: 'npm',
  error_code: 'npm_error',
  docs_url: 'https://docs.npmjs.com/common-errors',
  heads: [
    { text: 'npm error ', written: /^(?:npm|pnpm) (?:ERR!|error) ?/, spellings: ['npm ERR!'] },
    { text: 'npm warn ', written: /^npm WARN / },
  ],
  noise: [
    /^npm (?:warn|notice|http|info|verbose|silly|timing)\b/,
    /^npm (?:warning|Warning|WARNING|WARN|hint|INFO|debug|DEBUG)\b(?!\w*Error|, treated as error)/,
    // its debug log
    /^\d{1,9} (?:silly|verbose|http|info|warn|timing) /,
  ],
  signatures: {
    lockfile_out_of_sync: {
      message:
        'npm error `npm ci` can only install packages when your package.json and package-lock.json',
      group:
        'npm error `npm ci` can only install packages when package.json and the lockfile are in sync',
      cause: 'lockfile_out_of_sync',
      fix: LOCKFILE_FIX,
      docs_url: 'https://docs.npmjs.com/cli/commands/npm-ci',
      examples: [
        'npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.',
        'npm ERR! `npm ci` can only install packages when your package.json and package-lock.json are in sync. Please update your lock file with `npm install` before continuing.',
      ],
    },
    missing_from_lockfile: {
      message: [
        '^npm error Missing: <PACKAGE> from lock file',
        "^npm error Invalid: lock file's <PACKAGE> does not satisfy <PACKAGE>",
      ],
      group:
        'npm error `npm ci` can only install packages when package.json and the lockfile are in sync',
      cause: 'lockfile_out_of_sync',
      fix: LOCKFILE_FIX,
      docs_url: 'https://docs.npmjs.com/cli/commands/npm-ci',
      examples: [
        'npm error Missing: left-pad@1.3.0 from lock file',
        "npm ERR! Invalid: lock file's typescript@4.9.5 does not satisfy typescript@5.4.2",
      ],
    },
    lockfile_missing: {
      message: [
        'The `npm ci` command can only install with an existing package-lock.json',
        '`npm ci` can only install with an existing package-lock.json',
        'cipm can only install packages with an existing package-lock.json',
      ],
      cause: 'lockfile_missing',
      examples: [
        'npm error The `npm ci` command can only install with an existing package-lock.json or',
        'npm ERR! cipm can only install packages with an existing package-lock.json or npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or later to generate it, then try again.',
      ],
    },
    lockfile_required: {
      message: [
        '^npm error code ENOLOCK',
        '^npm error audit This command requires an existing lockfile',
      ],
      group: 'npm error code ENOLOCK',
      cause: 'lockfile_missing',
      examples: [
        'npm error code ENOLOCK',
        'npm error audit This command requires an existing lockfile.',
      ],
    },
    usage: {
      message: '^npm error code EUSAGE',
      cause: 'package_manager_error',
      rank: 'family',
      title: 'npm was called in a way that it does not accept',
      examples: ['npm error code EUSAGE'],
    },
    peer_conflict: {
      message: [
        '^npm error code ERESOLVE',
        '^npm error ERESOLVE unable to resolve dependency tree',
        '^npm error ERESOLVE could not resolve',
      ],
      cause: 'peer_dependency_conflict',
      named_by: [
        { when: /^npm error \w{1,20} \S/, after: /^npm error Could not resolve dependency:/ },
        { when: /^npm error Found: / },
      ],
      docs_url: 'https://docs.npmjs.com/cli/using-npm/config#legacy-peer-deps',
      examples: [
        'npm error code ERESOLVE',
        'npm ERR! code ERESOLVE',
        'npm ERR! ERESOLVE unable to resolve dependency tree',
        'npm error ERESOLVE could not resolve',
      ],
    },
    workspace_missing: {
      message: ['^npm error No workspaces found', '^npm error code ENOWORKSPACES'],
      cause: 'workspace_error',
      examples: ['npm error No workspaces found:', 'npm ERR! code ENOWORKSPACES'],
    },
    version_not_found: {
      message: [
        '^npm error code ETARGET',
        '^npm error notarget No matching version found for <PACKAGE>',
      ],
      cause: 'dependency_version_not_found',
      named_by: [{ when: /^npm error notarget No matching version found for / }],
      examples: [
        'npm error code ETARGET',
        'npm ERR! notarget No matching version found for left-pad@^99.0.0.',
      ],
    },
    package_not_found: {
      message: ['^npm error code E404', '^npm error 404 Not Found', '^npm error 404'],
      group: 'npm error code E404',
      needles: [
        'npm error code E404',
        'npm ERR! code E404',
        '404 Not Found',
        'npm error 404',
        'npm ERR! 404',
      ],
      cause: 'dependency_not_found',
      named_by: [
        { when: /^npm error 404 (?:The requested resource )?'[^']{1,400}' (?:could not|is not)/ },
        { when: /^npm error 404 Not Found - / },
      ],
      examples: [
        'npm error code E404',
        'npm ERR! 404 Not Found - GET https://registry.example/left-padd - Not found',
        "npm error 404  'left-padd@1.0.0' is not in this registry.",
      ],
    },
    unauthorized: {
      message: [
        '^npm error code E401',
        '^npm error code E403',
        '^npm error code ENEEDAUTH',
        '^npm error code EOTP',
        '^npm error Incorrect or missing password',
        '^npm error Unable to authenticate',
        '^npm error need auth',
        '^npm error 403 403 Forbidden',
      ],
      cause: 'registry_auth_failed',
      named_by: [{ when: /^npm error (?:40[13] 40[13] |Unable to auth|Incorrect or|need auth )/ }],
      docs_url: 'https://docs.npmjs.com/using-private-packages-in-a-ci-cd-workflow',
      examples: [
        'npm error code E401',
        'npm ERR! code ENEEDAUTH',
        'npm ERR! code E403',
        'npm error Incorrect or missing password.',
        'npm ERR! Unable to authenticate, your authentication token seems to be invalid.',
      ],
    },
    rate_limited: {
      message: ['^npm error code E429', '^npm error 429 Too Many Requests'],
      cause: 'registry_rate_limited',
      rank: 'infrastructure',
      examples: [
        'npm error code E429',
        'npm ERR! 429 Too Many Requests - GET https://registry.example/x',
      ],
    },
    registry_unavailable: {
      message: [
        '^npm error code E500',
        '^npm error code E502',
        '^npm error code E503',
        '^npm error code E504',
      ],
      group: 'npm error code E5xx',
      cause: 'registry_unavailable',
      rank: 'infrastructure',
      examples: ['npm error code E503', 'npm ERR! code E500'],
    },
    network: {
      message: [
        '^npm error code ECONNRESET',
        '^npm error code ETIMEDOUT',
        '^npm error code ESOCKETTIMEDOUT',
        '^npm error code ERR_SOCKET_TIMEOUT',
        '^npm error code EAI_AGAIN',
        '^npm error code EAI_FAIL',
        '^npm error code ENOTFOUND',
        '^npm error code ECONNREFUSED',
        '^npm error code ERR_STREAM_PREMATURE_CLOSE',
        '^npm error code EPROTO',
        '^npm error network This is a problem related to network connectivity',
      ],
      group: 'npm error network',
      cause: 'network_error',
      named_by: [
        { when: /^npm error network (?!This is|In most|'proxy')\S/ },
        { when: /^npm error (?:request to|FetchError: request to) / },
      ],
      rank: 'infrastructure',
      examples: [
        'npm error code ECONNRESET',
        'npm ERR! code ETIMEDOUT',
        'npm error code EAI_AGAIN',
        'npm error network This is a problem related to network connectivity.',
      ],
    },
    tls: {
      message: [
        '^npm error code UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        '^npm error code SELF_SIGNED_CERT_IN_CHAIN',
        '^npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        '^npm error code DEPTH_ZERO_SELF_SIGNED_CERT',
        '^npm error code CERT_HAS_EXPIRED',
        '^npm error code ERR_TLS_CERT_ALTNAME_INVALID',
        '^npm error code ERR_SSL_WRONG_VERSION_NUMBER',
      ],
      group: 'npm error: a TLS certificate could not be verified',
      cause: 'tls_error',
      rank: 'infrastructure',
      examples: [
        'npm ERR! code UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        'npm error code CERT_HAS_EXPIRED',
      ],
    },
    integrity: {
      message: ['^npm error code EINTEGRITY'],
      cause: 'integrity_mismatch',
      named_by: [
        { when: /^npm error (?:sha\d{1,3}-\S{1,200} integrity|Verification failed while)/ },
        { when: /^npm error Integrity check/i },
      ],
      examples: ['npm error code EINTEGRITY'],
    },
    corrupt_download: {
      message: [
        '^npm error code Z_BUF_ERROR',
        '^npm error code Z_DATA_ERROR',
        '^npm error code TAR_BAD_ARCHIVE',
        '^npm error zlib: unexpected end of file',
      ],
      group: 'npm error: a download is corrupt',
      cause: 'integrity_mismatch',
      title: 'A downloaded package is corrupt',
      fix: 'Clear the build cache and retry.',
      examples: ['npm error code Z_BUF_ERROR', 'npm ERR! zlib: unexpected end of file'],
    },
    platform_unsupported: {
      message: [
        '^npm error code EBADPLATFORM',
        '^npm error notsup Unsupported platform for <PACKAGE>',
      ],
      cause: 'platform_unsupported',
      named_by: [{ when: /^npm error notsup Unsupported platform for / }],
      examples: [
        'npm error code EBADPLATFORM',
        'npm ERR! notsup Unsupported platform for fsevents@2.3.3: wanted {"os":"darwin"} (current: {"os":"linux","cpu":"x64"})',
      ],
    },
    engine: {
      message: [
        '^npm error code EBADENGINE',
        '^npm error notsup Unsupported engine',
        '^npm error engine Unsupported engine',
        '^npm error engine Not compatible with your version of node/npm',
        '^npm error notsup Not compatible with your version of node/npm',
        '^npm error Not compatible with your version of node/npm',
      ],
      cause: 'node_version_incompatible',
      named_by: [
        { when: /^npm error (?:notsup|engine) Required: / },
        { when: /^npm error (?:notsup|engine) Not compatible / },
      ],
      examples: [
        'npm error code EBADENGINE',
        'npm ERR! engine Not compatible with your version of node/npm: x@1.0.0',
      ],
    },
    dev_engines_package_manager: {
      message: [
        '^npm error EBADDEVENGINES Invalid name "<NAME>" does not match "<NAME>" for "packageManager"',
        '^npm error EBADDEVENGINES Invalid semver version "<VERSION>" does not match "<VERSION>" for "packageManager"',
      ],
      group: 'npm error EBADDEVENGINES Invalid devEngines.packageManager',
      cause: 'package_manager_mismatch',
      title: 'devEngines asks for another package manager than npm',
      fix: 'Run the command with the package manager that devEngines.packageManager names (pnpm dlx, yarn dlx, bunx instead of npx), or allow npm there.',
      examples: [
        'npm error EBADDEVENGINES Invalid name "pnpm" does not match "npm" for "packageManager"',
        'npm error EBADDEVENGINES Invalid semver version "^12" does not match "11.19.1" for "packageManager"',
      ],
    },
    dev_engines_runtime: {
      message: [
        '^npm error EBADDEVENGINES Invalid name "<NAME>" does not match "<NAME>" for "runtime"',
        '^npm error EBADDEVENGINES Invalid semver version "<VERSION>" does not match "<VERSION>" for "runtime"',
      ],
      group: 'npm error EBADDEVENGINES Invalid devEngines.runtime',
      cause: 'node_version_incompatible',
      examples: [
        'npm error EBADDEVENGINES Invalid semver version "^99" does not match "v20.20.2" for "runtime"',
        'npm error EBADDEVENGINES Invalid name "bun" does not match "node" for "runtime"',
      ],
    },
    npm_needs_newer_node: {
      message: [
        '^ERROR: npm is known not to run on Node.js',
        '^npm does not support Node.js',
        '^ERROR: npm v<VERSION> is known not to run on Node.js',
      ],
      group: 'npm is known not to run on this Node.js',
      cause: 'node_version_incompatible',
      examples: ['ERROR: npm v10.2.0 is known not to run on Node.js v14.17.0.'],
    },
    scripts_blocked: {
      message: '^npm error code ESTRICTALLOWSCRIPTS',
      cause: 'install_scripts_blocked',
      examples: ['npm error code ESTRICTALLOWSCRIPTS'],
    },
    git_blocked: {
      message: [
        '^npm error code EALLOWGIT',
        '^npm error code EALLOWREMOTE',
        'Fetching packages of type "<TYPE>" have been disabled',
      ],
      cause: 'git_dependency_failed',
      title: 'npm may not fetch dependencies from Git',
      fix: 'Allow it in .npmrc with `allow-git`, or use a published version of the package.',
      examples: [
        'npm error code EALLOWGIT',
        'npm error Fetching packages of type "git" have been disabled',
      ],
    },
    git_dependency: {
      message: [
        '^npm error code 128',
        '^npm error An unknown git error occurred',
        '^npm error command git',
        '^npm error code ENOGIT',
      ],
      group: 'npm error An unknown git error occurred',
      cause: 'git_dependency_failed',
      named_by: [
        { when: /^npm error (?:fatal|ERROR|ssh): / },
        { when: /^npm error (?:remote: |git@\S{1,100}: )/ },
        { when: /^npm error command git / },
      ],
      examples: [
        'npm error code 128',
        'npm ERR! An unknown git error occurred',
        'npm error command git --no-replace-objects ls-remote ssh://git@github.com/acme/x.git',
      ],
    },
    manifest_invalid: {
      message: [
        '^npm error code EJSONPARSE',
        '^npm error JSON.parse Invalid package.json',
        '^npm error Merge conflict detected in your package.json',
        '^npm error JSON.parse Merge conflict detected in your package.json',
        '^npm error Failed to parse json',
        '^npm error JSON.parse <MESSAGE>',
      ],
      cause: 'manifest_invalid',
      named_by: [
        { when: /^npm error (?:JSON\.parse )?(?:Merge conflict|Invalid package\.json)/ },
        { when: /^npm error (?:JSON\.parse )?(?:Unexpected|Expected|Bad|Unterminated|Invalid) / },
        { when: /^npm error (?:JSON\.parse )?Failed to parse / },
      ],
      docs_url: 'https://docs.npmjs.com/cli/configuring-npm/package-json',
      examples: [
        'npm error code EJSONPARSE',
        'npm ERR! JSON.parse Invalid package.json: JSONParseError: Unexpected token "}" (0x7D) in JSON at position 123',
        'npm error Merge conflict detected in your package.json.',
      ],
    },
    name_invalid: {
      message: [
        '^npm error code EINVALIDPACKAGENAME',
        '^npm error Invalid package name',
        '^npm error code EINVALIDTAGNAME',
        '^npm error Invalid tag name',
        '^npm error Invalid dependency type',
      ],
      group: 'npm error code EINVALIDPACKAGENAME',
      cause: 'manifest_invalid',
      title: 'A dependency has a name or version that is not valid',
      named_by: [{ when: /^npm error Invalid (?:package|tag|dependency)/ }],
      examples: ['npm error code EINVALIDPACKAGENAME', 'npm ERR! code EINVALIDTAGNAME'],
    },
    unsupported_protocol: {
      message: ['^npm error code EUNSUPPORTEDPROTOCOL', '^npm error Unsupported URL Type'],
      cause: 'package_manager_mismatch',
      named_by: [{ when: /^npm error Unsupported URL Type/ }],
      title: 'npm does not understand a version such as "workspace:" or "catalog:"',
      fix: 'Install with the package manager that the project was made for (pnpm, Yarn or Bun): commit its lockfile and set packageManager.',
      examples: [
        'npm error code EUNSUPPORTEDPROTOCOL',
        'npm ERR! Unsupported URL Type "workspace:": workspace:*',
      ],
    },
    override_conflict: {
      message: [
        '^npm error code EOVERRIDE',
        '^npm error Override for <PACKAGE> conflicts with direct dependency',
      ],
      cause: 'manifest_invalid',
      title: 'An override contradicts a direct dependency',
      named_by: [{ when: /^npm error Override for / }],
      examples: [
        'npm error code EOVERRIDE',
        'npm ERR! Override for react@^18 conflicts with direct dependency',
      ],
    },
    manifest_missing: {
      message: [
        '^npm error enoent Could not read package.json',
        "^npm error enoent ENOENT: no such file or directory, open '<PATH>/package.json'",
        '^npm error Could not read package.json',
        '^npm error code ENOPACKAGEJSON',
        '^npm error Tracker "idealTree" already exists',
      ],
      group: 'npm error enoent Could not read package.json',
      cause: 'manifest_not_found',
      examples: [
        "npm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '/opt/buildhome/repo/package.json'",
        "npm ERR! enoent ENOENT: no such file or directory, open '/opt/buildhome/repo/package.json'",
      ],
    },
    manifest_missing_path: {
      message: '^npm error path <PATH>package.json',
      needles: ['npm error path', 'npm ERR! path'],
      previous: /^npm error syscall open/,
      group: 'npm error enoent Could not read package.json',
      cause: 'manifest_not_found',
      examples: ['npm error syscall open\nnpm error path /opt/buildhome/repo/package.json'],
    },
    file_missing: {
      message: '^npm error code ENOENT',
      cause: 'file_not_found',
      rank: 'family',
      named_by: [{ when: /^npm error (?:enoent ENOENT|path) / }],
      examples: ['npm error code ENOENT'],
    },
    disk_full: {
      message: ['^npm error code ENOSPC', '^npm error nospc'],
      cause: 'disk_full',
      rank: 'infrastructure',
      examples: ['npm error code ENOSPC'],
    },
    permission: {
      message: ['^npm error code EACCES', '^npm error code EPERM'],
      cause: 'permission_denied',
      named_by: [{ when: /^npm error (?:Error: E(?:ACCES|PERM)|path) / }],
      examples: ['npm error code EACCES', 'npm ERR! code EPERM'],
    },
    file_system: {
      message: [
        '^npm error code ENOTEMPTY',
        '^npm error code EBUSY',
        '^npm error code EEXIST',
        '^npm error code ENOTDIR',
        '^npm error code EISDIR',
        '^npm error code EXDEV',
        '^npm error code EMFILE',
        '^npm error code EROFS',
      ],
      group: 'npm error: a file operation failed',
      cause: 'file_system_error',
      fix: 'Delete node_modules, clear the build cache, and retry.',
      examples: ['npm error code ENOTEMPTY', 'npm ERR! code EBUSY'],
    },
    crashed: {
      message: [
        'Exit handler never called!',
        '^npm error cb() never called!',
        "^npm error Cannot read properties of undefined (reading '<NAME>')",
        "^npm error Cannot read properties of null (reading '<NAME>')",
        "^npm error Cannot read property '<NAME>' of",
        '^npm error Invalid Version:',
        '^npm error Cannot set propert',
        '^npm error Maximum call stack size exceeded',
        '^npm error must provide string spec',
        "^npm error Cannot destructure property '<NAME>' of",
        '^npm error The "<NAME>" argument must be',
      ],
      group: 'npm crashed',
      cause: 'package_manager_crashed',
      fix: 'Delete node_modules, write the lockfile again, or use another version of npm.',
      examples: [
        'npm error Exit handler never called!',
        'npm ERR! cb() never called!',
        "npm ERR! Cannot read properties of null (reading 'matches')",
        'npm error Invalid Version: ',
      ],
    },
    publish: {
      message: [
        '^npm error code EPUBLISHCONFLICT',
        'You cannot publish over the previously published versions',
        '^npm error You do not have permission to publish',
      ],
      cause: 'deployment_failed',
      title: 'A package could not be published',
      examples: ['npm error 403 You cannot publish over the previously published versions: 1.0.0.'],
    },
    audit: {
      message: ['^npm error code EAUDIT', '^npm error audit endpoint returned an error'],
      cause: 'package_manager_error',
      title: 'npm audit failed',
      examples: ['npm error audit endpoint returned an error'],
    },
    config: {
      message: [
        '^npm error Invalid auth configuration found',
        '^npm error code ERR_INVALID_AUTH',
        '^npm error Failed to replace env in config: <ENV>',
        '^Error: Failed to replace env in config: <ENV>',
        'Failed to replace env in config: <ENV>',
      ],
      group: 'Failed to replace env in config: <ENV>',
      cause: 'env_var_missing',
      title: 'The .npmrc names an environment variable that is not set',
      fix: 'Set the variable among the build variables.',
      examples: [
        'npm error Failed to replace env in config: \u0024{NPM_TOKEN}',
        'Error: Failed to replace env in config: \u0024{NPM_TOKEN}',
      ],
    },
    code: {
      message: '^npm error code {npm}',
      cause: 'package_manager_error',
      rank: 'family',
      unless: /code (?:\d{1,3}|ELIFECYCLE|ENOENT)$/,
      examples: ['npm error code EISGIT'],
    },
    message: {
      message: '^npm error {words}',
      needles: ['npm error ', 'npm ERR! '],
      // What npm adds to every message, and the fields and the stack of an error.
      unless:
        /^npm error (?:(?:(?:peer|dev|peerOptional) \S{1,100}@"?\S|Found: \S|Conflicting peer|\S{1,100}@\S{1,100} from|code|path|command|errno|syscall|signal|dest|workspace|location|at|cwd|stack|gyp|node-gyp|npm (?:bugs|owner|help|ERR!)|Run "npm|Usage|Options|Aliases|In (?:most|many|any|some)|Tell|You can (?:get|also)|File|Traceback|node -v|not ok|cmd|This is probably|A complete log|Log files|There is likely additional|For a full report|Please (?:include|open)|To (?:see|fix|correct)|Failed at|Exit status|errors|\S{1,40} (?:at|in|In|with|You|Or|This|See|This is)|[a-z]+$)\b|[/{}[(-]|https?:|\S{1,60}@\S{1,60} \S{1,40}:)/,
      cause: 'package_manager_error',
      rank: 'family',
      examples: ['npm error Something that no other signature knows'],
    },
  },
})
