import { defineTool } from '../signature.ts'

const LOCKFILE_FIX = 'Run `bun install` with the Bun version of the build, and commit bun.lock.'

export const bun = defineTool({
  name: 'Bun',
  error_code: 'bun_error',
  docs_url: 'https://bun.com/docs/pm/cli/install',
  signatures: {
    lockfile_out_of_sync: {
      message: 'error: lockfile had changes, but lockfile is frozen',
      cause: 'lockfile_out_of_sync',
      fix: LOCKFILE_FIX,
      examples: ['error: lockfile had changes, but lockfile is frozen'],
    },
    lockfile_incompatible: {
      message: [
        'Unknown lockfile version',
        'InvalidLockfileVersion',
        'Outdated lockfile version',
        'error: failed to parse lockfile',
        'Failed to parse lockfile',
        "SyntaxError: failed to parse lockfile: '<PATH>'",
        'unsupported lockfile version',
      ],
      group: 'Unknown lockfile version',
      unless: /^warn/,
      cause: 'lockfile_incompatible',
      fix: 'Build with the Bun that wrote the lockfile: name its version in packageManager of package.json or in BUN_VERSION; or write the lockfile again with the Bun of the build.',
      examples: [
        'error: Unknown lockfile version',
        "error: failed to parse lockfile: 'bun.lock'",
        "SyntaxError: failed to parse lockfile: 'bun.lock'",
      ],
    },
    missing_script: {
      message: [
        '^error: Script not found "<SCRIPT>"',
        '^error: missing script "<SCRIPT>"',
        '^error: No packages matched the filter',
      ],
      group: 'error: Script not found "<SCRIPT>"',
      cause: 'script_missing',
      examples: ['error: Script not found "build"', 'error: missing script "build"'],
    },
    version_not_found: {
      message: [
        '^error: No version matching "<VERSION>" found for specifier "<PACKAGE>"',
        '^error: <PACKAGE> failed to resolve$',
        '^error: Package "<PACKAGE>" with tag "<TAG>" not found',
      ],
      needles: ['No version matching "', ' failed to resolve', 'with tag "'],
      group: 'error: No version matching "<VERSION>" found for specifier "<PACKAGE>"',
      unless: /minimum-release-age|import "/,
      cause: 'dependency_version_not_found',
      examples: [
        'error: No version matching "^99.0.1" found for specifier "left-pad" (but package exists)',
        'error: left-pad@^99.0.1 failed to resolve',
      ],
    },
    release_age: {
      message:
        '^error: No version matching "<VERSION>" found for specifier "<PACKAGE>" (blocked by minimum-release-age',
      cause: 'release_age_blocked',
      examples: [
        'error: No version matching "1.0.0" found for specifier "left-pad" (blocked by minimum-release-age: 86400 seconds)',
      ],
    },
    package_not_found: {
      message: ['^error: GET <URL> - 404', '^error: package "<PACKAGE>" not found'],
      needles: ['error: GET ', 'error: package "'],
      cause: 'dependency_not_found',
      examples: [
        'error: GET https://registry.example/left-padd - 404',
        'error: package "left-padd" not found',
      ],
    },
    unauthorized: {
      message: ['^error: GET <URL> - 401', '^error: GET <URL> - 403'],
      needles: ['error: GET '],
      group: 'error: GET <URL> - 401',
      cause: 'registry_auth_failed',
      examples: [
        'error: GET https://registry.example/x - 401',
        'error: GET https://registry.example/x - 403',
      ],
    },
    network: {
      message: [
        '^error: ConnectionRefused downloading <PACKAGE>',
        '^error: ConnectionClosed downloading',
        '^error: Timeout downloading',
        '^error: GET <URL> - 5',
        '^error: FailedToOpenSocket',
        '^error: UnexpectedResponse',
        'ConnectionRefused downloading',
        '^error: ConnectionClosed',
        '^error: InternalServerError',
      ],
      needles: [
        'error: ConnectionRefused',
        'error: ConnectionClosed',
        'error: Timeout',
        'error: GET ',
        'error: FailedToOpenSocket',
        'error: UnexpectedResponse',
        'ConnectionRefused downloading',
        'error: InternalServerError',
      ],
      group: 'error: a download failed',
      cause: 'network_error',
      rank: 'infrastructure',
      examples: [
        'error: ConnectionRefused downloading package manifest left-pad',
        'error: GET https://registry.example/x - 503',
      ],
    },
    extraction: {
      message: ['extracting tarball from <PACKAGE>', 'extracting tarball for <PACKAGE>'],
      needles: [' extracting tarball'],
      when: /^error: /,
      unless: /Integrity/,
      group: 'error: a package could not be extracted',
      cause: 'integrity_mismatch',
      title: 'A downloaded package is corrupt',
      fix: 'Clear the build cache and retry.',
      examples: ['error: HTTPError extracting tarball from left-pad'],
    },
    integrity: {
      message: [
        'Integrity check failed for tarball',
        'error: Integrity check failed',
        'IntegrityCheckFailed',
      ],
      group: 'error: Integrity check failed',
      cause: 'integrity_mismatch',
      examples: [
        'error: Integrity check failed for tarball: left-pad',
        'error: IntegrityCheckFailed extracting tarball for left-pad',
      ],
    },
    workspace: {
      message: [
        '^error: Workspace dependency "<PACKAGE>" not found',
        '^error: Workspace not found "<PATH>"',
        '^error: Workspace name "<PACKAGE>" already exists',
      ],
      needles: ['error: Workspace '],
      group: 'error: Workspace dependency "<PACKAGE>" not found',
      cause: 'workspace_error',
      examples: [
        'error: Workspace dependency "@acme/ui" not found',
        'error: Workspace not found "packages/ui"',
      ],
    },
    manifest_missing: {
      message: [
        '^error: Bun could not find a package.json file to install from',
        '^error: No package.json was found for directory "<PATH>"',
        '^error: No package.json found',
        'MissingPackageJSON',
      ],
      cause: 'manifest_not_found',
      examples: [
        'error: Bun could not find a package.json file to install from',
        'error: No package.json was found for directory "/opt/buildhome/repo"',
      ],
    },
    catalog: {
      message: [
        '^error: <PACKAGE>@catalog: failed to resolve$',
        '^error: <PACKAGE>@catalog:<NAME> failed to resolve$',
      ],
      needles: ['@catalog:'],
      group: 'error: <PACKAGE>@catalog:<NAME> failed to resolve',
      cause: 'workspace_error',
      title: 'A dependency is not in the catalog that it names',
      docs_url: 'https://bun.com/docs/pm/catalogs',
      examples: [
        'error: react@catalog: failed to resolve',
        'error: react@catalog:ui failed to resolve',
      ],
    },
    file_dependency: {
      message: '^error: Could not find package.json for "file:<PATH>" dependency',
      cause: 'file_not_found',
      title: 'A dependency is a folder that does not exist',
      examples: ['error: Could not find package.json for "file:../gone" dependency "x"'],
    },
    manifest_invalid: {
      message: [
        '^error: Expected <TOKEN> in JSON',
        '^ParserError: failed to parse package.json',
        "^error: failed to parse '<PATH>'",
        "^SyntaxError: failed to parse '<PATH>package.json'",
      ],
      group: 'error: package.json could not be parsed',
      cause: 'manifest_invalid',
      examples: [
        'ParserError: failed to parse package.json',
        "error: failed to parse 'package.json': SyntaxError",
        "SyntaxError: failed to parse '/opt/buildhome/repo/package.json'",
      ],
    },
    frozen_lockfile_missing: {
      message: ['error: lockfile not found, but lockfile is frozen', 'lockfile not found, but'],
      cause: 'lockfile_missing',
      examples: ['error: lockfile not found, but lockfile is frozen'],
    },
    postinstall: {
      message: [
        '^error: <SCRIPT> script from "<PACKAGE>" exited with {exit}',
        '^error: <SCRIPT> script from "<PACKAGE>" terminated by',
      ],
      needles: [' script from "'],
      group: 'error: install script from "<PACKAGE>" exited with {exit}',
      cause: 'install_script_failed',
      examples: [
        'error: postinstall script from "sharp" exited with 1',
        'error: install script from "bcrypt" exited with 127',
      ],
    },
    git_dependency: {
      message: [
        '^error: "git clone" for "<PACKAGE>" failed',
        'InstallFailed cloning repository',
        '^error: no commit matching "<REF>"',
      ],
      group: 'error: "git clone" for "<PACKAGE>" failed',
      cause: 'git_dependency_failed',
      examples: [
        'error: "git clone" for "left-pad" failed',
        'error: InstallFailed cloning repository for left-pad',
      ],
    },
    module_not_found: {
      message: [
        'error: Cannot find module "<MODULE>" from "<PATH>"',
        "error: Cannot find package '<MODULE>' from '<PATH>'",
        "error: Cannot find module '<MODULE>' from '<PATH>'",
        'error: Could not resolve: "<MODULE>"',
        'error: ENOENT reading "<PATH>"',
        "^error: Cannot find package '<MODULE>'",
        '^error: ModuleNotFound resolving "<MODULE>"',
      ],
      group: 'error: Cannot find module <MODULE>',
      cause: 'module_not_found',
      examples: [
        "error: Cannot find package 'dotenv' from '/opt/buildhome/repo/build.ts'",
        'error: Could not resolve: "left-pad". Maybe you need to "bun install"?',
      ],
    },
    crashed: {
      message: [
        '^panic(main thread): ',
        'oh no: Bun has crashed',
        'panic: Segmentation fault',
        '^panic: Internal assertion failure',
      ],
      needles: [
        'panic(main thread)',
        'Bun has crashed',
        'panic: Segmentation',
        'panic: Internal assertion',
      ],
      group: 'Bun has crashed',
      cause: 'process_crashed',
      fault: 'upstream',
      examples: [
        'panic(main thread): Segmentation fault at address 0x0',
        'oh no: Bun has crashed. This indicates a bug in Bun, not your code.',
      ],
    },
    script_exited: {
      message: [
        '^error: script "<SCRIPT>" exited with code {exit}',
        '^error: script "<SCRIPT>" was terminated by signal',
      ],
      group: 'error: script "<SCRIPT>" exited with code {exit}',
      cause: 'script_failed',
      rank: 'wrapper',
      examples: ['error: script "build" exited with code 1'],
    },
    command_not_found: {
      message: [
        '^bun: command not found: {command}',
        '^error: Failed to run "<COMMAND>" due to',
        '^error: could not determine executable to run for package',
      ],
      group: 'bun: command not found: {command}',
      cause: 'command_not_found',
      examples: [
        'bun: command not found: vite',
        'error: could not determine executable to run for package left-pad',
      ],
    },
  },
})
