import { defineTool } from '../signature.ts'

const LOCKFILE_FIX = 'Run `yarn install` with the Yarn version of the build, and commit yarn.lock.'

/** Version 1 prints `error message`, later ones `➤ YN0028: │ message`. */
export const yarn = defineTool({
  name: 'Yarn',
  error_code: 'yarn_error',
  docs_url: 'https://yarnpkg.com/advanced/error-codes',
  signatures: {
    lockfile_out_of_sync: {
      message: [
        '^error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`',
        'Your lockfile needs to be updated, but yarn was run with',
      ],
      cause: 'lockfile_out_of_sync',
      fix: LOCKFILE_FIX,
      examples: [
        'error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.',
      ],
    },
    lockfile_out_of_sync_berry: {
      message: ['The lockfile would have been modified by this install', 'YN0028: <MESSAGE>'],
      group:
        'YN0028: The lockfile would have been modified by this install, which is explicitly forbidden.',
      cause: 'lockfile_out_of_sync',
      fix: LOCKFILE_FIX,
      examples: [
        '➤ YN0028: │ The lockfile would have been modified by this install, which is explicitly forbidden.',
        '➤ YN0028: The lockfile would have been created by this install, which is explicitly forbidden.',
      ],
    },
    lockfile_invalid: {
      message: [
        '^error Invalid value type <LINE> in yarn.lock',
        'Unknown token: { line: <LINE>',
        'in yarn.lock',
        "^Internal Error: <NAME>: This package doesn't seem to be present in your lockfile",
        "This package doesn't seem to be present in your lockfile",
        '^error An unexpected error occurred: "Unknown token',
      ],
      needles: [
        'yarn.lock',
        'Unknown token: { line',
        "This package doesn't seem to be present in your lockfile",
      ],
      when: /^error .*yarn\.lock|Unknown token: \{ line|doesn't seem to be present in your lockfile/,
      group: 'yarn.lock could not be read',
      cause: 'lockfile_incompatible',
      examples: [
        'error An unexpected error occurred: "Unknown token: { line: 3, col: 2, type: \'INVALID\' } 3:2 in yarn.lock".',
        'Internal Error: site@workspace:.: This package doesn\'t seem to be present in your lockfile; run "yarn install" to update the lockfile',
      ],
    },
    missing_script: {
      message: [
        '^error Command "<SCRIPT>" not found.',
        'Couldn\'t find a script named "<SCRIPT>"',
        'Couldn\'t find a script name "<SCRIPT>"',
      ],
      group: 'error Command "<SCRIPT>" not found.',
      cause: 'script_missing',
      examples: [
        'error Command "build" not found.',
        'Usage Error: Couldn\'t find a script named "build".',
      ],
    },
    version_not_found: {
      message: [
        '^error Couldn\'t find any versions for "<PACKAGE>" that matches',
        'YN0082: <MESSAGE>',
        'YN0016: <MESSAGE>',
        'No candidates found',
      ],
      needles: ["Couldn't find any versions for", 'YN0082', 'YN0016', ': No candidates found'],
      group: "error Couldn't find any versions for <PACKAGE>",
      cause: 'dependency_version_not_found',
      examples: [
        'error Couldn\'t find any versions for "left-pad" that matches "^99.0.0"',
        '➤ YN0082: │ left-pad@npm:^99.0.0: No candidates found',
      ],
    },
    package_not_found: {
      message: [
        '^error An unexpected error occurred: "<URL>: Not found"',
        '^error Couldn\'t find package "<PACKAGE>"',
        '^error <URL>: Not found',
        'Request failed "404 Not Found"',
        'YN0035: │ <MESSAGE>: Package not found',
        'The remote server failed to provide the requested resource',
      ],
      group: "error Couldn't find package <PACKAGE>",
      cause: 'dependency_not_found',
      unless: /The remote server failed/,
      examples: [
        'error An unexpected error occurred: "https://registry.example/left-padd: Not found".',
        'error Couldn\'t find package "left-padd" on the "npm" registry.',
        'error An unexpected error occurred: "https://registry.example/x.tgz: Request failed "404 Not Found"".',
      ],
    },
    unauthorized: {
      message: [
        'Request failed "401 Unauthorized"',
        'Request failed "403 Forbidden"',
        'YN0041: <MESSAGE>',
        'YN0033: <MESSAGE>',
      ],
      group: 'Request failed "401 Unauthorized"',
      cause: 'registry_auth_failed',
      examples: [
        'error An unexpected error occurred: "https://registry.example/x: Request failed "401 Unauthorized"".',
        '➤ YN0041: │ Invalid authentication (as an unknown user)',
        '➤ YN0033: │ No authentication configured for request',
      ],
    },
    network: {
      message: [
        'YN0035: <MESSAGE>',
        'YN0030: <MESSAGE>',
        'YN0001: │ RequestError: <MESSAGE>',
        '^error An unexpected error occurred: "<URL>: ETIMEDOUT',
        '^error An unexpected error occurred: "<URL>: ESOCKETTIMEDOUT',
        '^error An unexpected error occurred: "<URL>: getaddrinfo',
        '^error An unexpected error occurred: "<URL>: connect ',
        '^error <URL>: ESOCKETTIMEDOUT',
      ],
      needles: [
        'YN0035',
        'YN0030',
        'RequestError: ',
        'ETIMEDOUT',
        'ESOCKETTIMEDOUT',
        'getaddrinfo',
        'An unexpected error occurred: "',
      ],
      group: 'YN0035: a request to the registry failed',
      cause: 'network_error',
      rank: 'infrastructure',
      examples: [
        '➤ YN0035: │ The remote server failed to provide the requested resource',
        '➤ YN0001: │ RequestError: connect ECONNREFUSED 127.0.0.1:443',
        'error An unexpected error occurred: "https://registry.example/x: getaddrinfo EAI_AGAIN registry.example".',
      ],
    },
    integrity: {
      message: [
        'YN0018: <MESSAGE>',
        '^error Integrity check failed for "<PACKAGE>"',
        'Integrity check failed for "<PACKAGE>"',
        '^error https://<URL>: Integrity check failed',
      ],
      group: 'YN0018: a package does not match the lockfile',
      cause: 'integrity_mismatch',
      unless: /npm error/,
      examples: [
        "➤ YN0018: │ left-pad@npm:1.3.0: The remote archive doesn't match the expected checksum",
        'error Integrity check failed for "left-pad" (computed integrity doesn\'t match our records, got "sha1-x")',
      ],
    },
    engine: {
      message: [
        'The engine "<ENGINE>" is incompatible with this module',
        '^error Found incompatible module',
        'YN0087: <MESSAGE>',
      ],
      group: 'The engine "<ENGINE>" is incompatible with this module',
      cause: 'node_version_incompatible',
      unless: /^warning|^Found incompatible/,
      examples: [
        'error left-pad@1.3.0: The engine "node" is incompatible with this module. Expected version ">=20". Got "18.20.0"',
      ],
    },
    platform_unsupported: {
      message: [
        'The platform "<PLATFORM>" is incompatible with this module',
        'YN0062: <MESSAGE>',
        'YN0063: <MESSAGE>',
      ],
      group: 'The platform is incompatible with this module',
      cause: 'platform_unsupported',
      unless: /^info|is an optional dependency/,
      examples: ['error fsevents@2.3.3: The platform "linux" is incompatible with this module.'],
    },
    immutable_cache: {
      message: ['YN0055: <MESSAGE>', 'YN0056: <MESSAGE>'],
      group: 'YN0056: the cache would have been modified by this install',
      cause: 'lockfile_out_of_sync',
      title: 'The committed Yarn cache is out of date',
      fix: 'Run `yarn install` and commit .yarn/cache, or do not commit it at all.',
      examples: [
        '➤ YN0056: │ left-pad@npm:1.3.0: Cache entry required but missing for /opt/buildhome/repo/.yarn/cache/left-pad.zip',
      ],
    },
    native_build: {
      message: "YN0009: │ <PACKAGE> couldn't be built successfully",
      cause: 'install_script_failed',
      needles: ['YN0009'],
      examples: [
        "➤ YN0009: │ sharp@npm:0.32.0 couldn't be built successfully (exit code 1, logs can be found here: /tmp/xfs-1/build.log)",
      ],
    },
    install_script: {
      message: ['^error <PATH>: Command failed', '^error Command failed.'],
      needles: ['Command failed'],
      group: 'error <PATH>: Command failed',
      when: /^error (?:Command failed\.|\S*node_modules\S*: Command failed)/,
      cause: 'install_script_failed',
      rank: 'family',
      examples: ['error /opt/buildhome/repo/node_modules/sharp: Command failed.'],
    },
    workspace: {
      message: [
        'Workspaces can only be enabled in private projects',
        'YN0021: <MESSAGE>',
        'Workspace not found',
        "The nearest package directory (<PATH>) doesn't seem to be part of the project",
        'Usage Error: The nearest package directory',
      ],
      group: 'The workspace is not set up as Yarn expects',
      cause: 'workspace_error',
      unless: /^warning/,
      when: /Workspace not found \(|private projects|YN0021|nearest package directory/,
      examples: [
        'error Workspaces can only be enabled in private projects.',
        "Usage Error: The nearest package directory (/opt/buildhome/repo) doesn't seem to be part of the project declared in /opt/buildhome.",
      ],
    },
    manifest_missing: {
      message: [
        'Couldn\'t find a package.json file in "<PATH>"',
        'Usage Error: No project found in <PATH>',
      ],
      cause: 'manifest_not_found',
      examples: [
        'error Couldn\'t find a package.json file in "/opt/buildhome/repo"',
        'Usage Error: No project found in /opt/buildhome/repo',
      ],
    },
    legacy_config: {
      message: [
        'Unrecognized or legacy configuration settings found: <NAMES>',
        'Unrecognized option name <NAME>',
        'Unsupported option name ("<NAME>")',
      ],
      group: 'Unrecognized or legacy configuration settings found: <NAMES>',
      cause: 'package_manager_mismatch',
      title: 'A Yarn setting is not known to this version of Yarn',
      fix: 'Set packageManager to the version of Yarn that the project uses, or correct .yarnrc.yml.',
      examples: [
        'Usage Error: Unrecognized or legacy configuration settings found: production - run "yarn config -v" to see the list of settings supported in Yarn',
      ],
    },
    release_file_missing: {
      message: [
        "Error: Cannot find module '<PATH>.yarn/releases/<FILE>'",
        'The "yarn-path" option has been set',
        'Error: The remote "yarnPath" ',
      ],
      group: 'The Yarn release of the project is missing',
      cause: 'file_not_found',
      unless: /^warning/,
      title: 'The Yarn release that .yarnrc.yml names is not committed',
      fix: 'Commit .yarn/releases, or remove yarnPath.',
      examples: ["Error: Cannot find module '/opt/buildhome/repo/.yarn/releases/yarn-4.1.0.cjs'"],
    },
    patch: {
      message: 'YN0066: <MESSAGE>',
      cause: 'patch_failed',
      examples: ['➤ YN0066: │ typescript@patch:typescript@npm%3A5.0: Cannot apply hunk #1'],
    },
    unknown_option: {
      message: ['Unknown Syntax Error: {words}', 'Unknown Syntax Error: <MESSAGE>'],
      group: 'Unknown Syntax Error',
      cause: 'invalid_command',
      examples: ['Unknown Syntax Error: Command not found; did you mean one of:'],
    },
    usage: {
      message: '^Usage Error: {words}',
      cause: 'package_manager_error',
      rank: 'family',
      examples: ['Usage Error: This command can only be run from within a workspace'],
    },
    failed_with_errors: {
      message: ['YN0000: · Failed with errors', 'YN0000: Failed with errors'],
      needles: ['Failed with errors'],
      group: 'YN0000: Failed with errors',
      cause: 'tools_or_dependencies_failed',
      rank: 'wrapper',
      examples: [
        '➤ YN0000: · Failed with errors in 2s 845ms',
        '➤ YN0000: Failed with errors in 0s 700ms',
      ],
    },
    code: {
      message: 'YN{yn}: <MESSAGE>',
      needles: ['➤ YN00', '➤ YN10'],
      group: 'YN{yn}',
      // Notices: 0000 and 0007, 0013, 0019, 0032, 0050 and above; peer dependencies: 0002, 0060, 0061, 0068, 0086.
      unless: /YN(?:000[02578]|001[39]|0032|005[02347]|006[0189]|00[78]\d|0090):/,
      cause: 'package_manager_error',
      rank: 'family',
      examples: ['➤ YN0027: │ Unresolvable'],
    },
    generic: {
      message: '^error {words}',
      needles: ['error An unexpected error occurred: '],
      group: 'error An unexpected error occurred',
      cause: 'package_manager_error',
      rank: 'family',
      examples: [
        'error An unexpected error occurred: "EISDIR: illegal operation on a directory, read".',
      ],
    },
    wrapper: {
      message: ['^error Command failed with exit code {exit}', '^error Command failed with signal'],
      group: 'error Command failed',
      cause: 'script_failed',
      rank: 'wrapper',
      examples: ['error Command failed with exit code 1.'],
    },
  },
})
