import { defineTool } from '../signature.ts'

const LOCKFILE_FIX =
  'Run `pnpm install` with the pnpm version of the build, and commit pnpm-lock.yaml.'

/** Errors are printed as ` ERR_PNPM_X  message`, and as `[ERR_PNPM_X] message` from version 11. */
export const pnpm = defineTool({
  name: 'pnpm',
  error_code: 'pnpm_error',
  docs_url: 'https://pnpm.io/errors',
  signatures: {
    lockfile_out_of_sync: {
      message: [
        'ERR_PNPM_OUTDATED_LOCKFILE',
        'ERR_PNPM_FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE',
        'ERROR Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up-to-date',
        'Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date',
        'ERR_PNPM_PACKAGE_MANAGER_NO_IMPORTER',
      ],
      cause: 'lockfile_out_of_sync',
      fix: LOCKFILE_FIX,
      examples: [
        'Error: ERR_PNPM_PACKAGE_MANAGER_NO_IMPORTER',
        ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with <ROOT>/package.json',
        '[ERR_PNPM_OUTDATED_LOCKFILE] Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with package.json',
        ' ERR_PNPM_FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE  Cannot perform a frozen installation because the lockfile needs updates',
      ],
    },
    lockfile_config: {
      message: 'ERR_PNPM_LOCKFILE_CONFIG_MISMATCH',
      cause: 'lockfile_out_of_sync',
      title: 'The settings in the lockfile are not those of the project',
      fix: LOCKFILE_FIX,
      examples: [
        ' ERR_PNPM_LOCKFILE_CONFIG_MISMATCH  Cannot proceed with the frozen installation. The current "overrides" configuration doesn\'t match the value found in the lockfile',
      ],
    },
    lockfile_incompatible: {
      message: [
        'ERR_PNPM_LOCKFILE_BREAKING_CHANGE',
        'ERR_PNPM_BROKEN_LOCKFILE',
        'ERR_PNPM_LOCKFILE_MISSING_DEPENDENCY',
        'ERR_PNPM_BROKEN_METADATA_JSON',
        '^ERROR  ourValue.split is not a function',
        '^pnpm: ourValue.split is not a function',
      ],
      group: 'ERR_PNPM_LOCKFILE_BREAKING_CHANGE',
      cause: 'lockfile_incompatible',
      examples: [
        ' ERR_PNPM_LOCKFILE_BREAKING_CHANGE  Lockfile /opt/buildhome/repo/pnpm-lock.yaml not compatible with current pnpm',
        ' ERR_PNPM_BROKEN_LOCKFILE  The lockfile at "/opt/buildhome/repo/pnpm-lock.yaml" is broken: duplicated mapping key (12:1)',
        // pnpm 8 as it merges a lockfile with conflict markers
        ' ERROR  ourValue.split is not a function or its return value is not iterable',
      ],
    },
    lockfile_ignored: {
      message: 'ERR_PNPM_NO_LOCKFILE',
      previous: /Ignoring not compatible lockfile at/,
      group: 'ERR_PNPM_NO_LOCKFILE after Ignoring not compatible lockfile',
      cause: 'lockfile_incompatible',
      examples: [
        ' WARN  Ignoring not compatible lockfile at /opt/buildhome/repo/pnpm-lock.yaml\n ERR_PNPM_NO_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is absent',
      ],
    },
    lockfile_missing: {
      message: [
        'ERR_PNPM_NO_LOCKFILE',
        'Cannot install with "frozen-lockfile" because pnpm-lock.yaml is absent',
        'Headless installation requires a pnpm-lock.yaml file',
      ],
      group: 'ERR_PNPM_NO_LOCKFILE',
      cause: 'lockfile_missing',
      examples: [
        ' ERR_PNPM_NO_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is absent',
        'Headless installation requires a pnpm-lock.yaml file, but none was found. Run `pnpm install` without frozen-lockfile to create one.',
      ],
    },
    peer_conflict: {
      message: 'ERR_PNPM_PEER_DEP_ISSUES',
      cause: 'peer_dependency_conflict',
      examples: [' ERR_PNPM_PEER_DEP_ISSUES  Unmet peer dependencies'],
    },
    version_not_found: {
      message: [
        'ERR_PNPM_NO_MATCHING_VERSION',
        'ERR_PNPM_NO_VERSIONS',
        'ERR_PNPM_SPEC_NOT_SUPPORTED_BY_ANY_RESOLVER',
      ],
      group: 'ERR_PNPM_NO_MATCHING_VERSION',
      cause: 'dependency_version_not_found',
      unless: /INSIDE_WORKSPACE|MATURE/,
      examples: [' ERR_PNPM_NO_MATCHING_VERSION  No matching version found for left-pad@^99.0.0'],
    },
    release_age: {
      message: ['ERR_PNPM_NO_MATURE_MATCHING_VERSION', 'ERR_PNPM_MINIMUM_RELEASE_AGE_VIOLATION'],
      group: 'ERR_PNPM_MINIMUM_RELEASE_AGE_VIOLATION',
      cause: 'release_age_blocked',
      examples: [
        ' ERR_PNPM_NO_MATURE_MATCHING_VERSION  No matching version found for x@1.0.0 published by Mon Jan 01 2026',
      ],
    },
    package_not_found: {
      message: 'ERR_PNPM_FETCH_404',
      cause: 'dependency_not_found',
      examples: [' ERR_PNPM_FETCH_404  GET https://registry.example/left-padd: Not Found - 404'],
    },
    unauthorized: {
      message: ['ERR_PNPM_FETCH_401', 'ERR_PNPM_FETCH_403', 'ERR_PNPM_UNAUTHORIZED'],
      cause: 'registry_auth_failed',
      examples: [
        ' ERR_PNPM_FETCH_403  GET https://registry.example/x: Forbidden - 403',
        ' ERR_PNPM_UNAUTHORIZED  No access token',
      ],
    },
    registry_unavailable: {
      message: [
        'ERR_PNPM_REGISTRY_ERROR',
        'ERR_PNPM_FETCH_5{exit}',
        'ERR_PNPM_FETCH_429',
        'ERR_PNPM_META_FETCH_FAIL',
        'ERR_PNPM_FETCH_FAIL',
      ],
      group: 'ERR_PNPM_REGISTRY_ERROR',
      cause: 'registry_unavailable',
      rank: 'infrastructure',
      unless: /Will retry|WARN/,
      examples: [
        ' ERR_PNPM_FETCH_503  GET https://registry.example/x: Service Unavailable - 503',
        ' ERR_PNPM_META_FETCH_FAIL  GET https://registry.example/x: request failed, reason: getaddrinfo ENOTFOUND',
      ],
    },
    integrity: {
      message: [
        'ERR_PNPM_TARBALL_INTEGRITY',
        'ERR_PNPM_TARBALL_EXTRACT',
        'ERR_PNPM_BAD_TARBALL_SIZE',
        'ERR_PNPM_BAD_TARBALL_CHECKSUM',
        'ERR_PNPM_MODIFIED_DEPENDENCY',
        'ERR_PNPM_UNEXPECTED_PKG_CONTENT_IN_STORE',
        'ERR_PNPM_LOCKFILE_CHECKSUM',
      ],
      group: 'ERR_PNPM_TARBALL_INTEGRITY',
      cause: 'integrity_mismatch',
      examples: [
        ' ERR_PNPM_TARBALL_INTEGRITY  Got unexpected checksum for "https://registry.example/x.tgz".',
      ],
    },
    engine: {
      message: 'ERR_PNPM_UNSUPPORTED_ENGINE',
      cause: 'node_version_incompatible',
      title: 'The Node.js or pnpm version does not suit the project',
      examples: [
        ' ERR_PNPM_UNSUPPORTED_ENGINE  Unsupported environment (bad pnpm and/or Node.js version)',
      ],
    },
    old_node: {
      message: [
        'ERROR: This version of pnpm requires at least Node.js v<VERSION>',
        'This version of pnpm requires at least Node.js',
      ],
      group: 'This version of pnpm requires a newer Node.js',
      cause: 'node_version_incompatible',
      examples: ['ERROR: This version of pnpm requires at least Node.js v18.12'],
    },
    package_manager: {
      message: [
        'ERR_PNPM_BAD_PM_VERSION',
        'ERR_PNPM_OTHER_PM_EXPECTED',
        'This project is configured to use <VERSION> of pnpm',
        'This project is configured to use {command}',
      ],
      group: 'ERR_PNPM_BAD_PM_VERSION',
      cause: 'package_manager_mismatch',
      unless: /UsageError|Usage Error|because/,
      examples: [
        ' ERR_PNPM_BAD_PM_VERSION  This project is configured to use v9.0.0 of pnpm. Your current pnpm is v8.15.0',
        ' ERR_PNPM_OTHER_PM_EXPECTED  This project is configured to use yarn',
      ],
    },
    platform_unsupported: {
      message: ['ERR_PNPM_UNSUPPORTED_PLATFORM', 'ERR_PNPM_PREPARE_PKG_INCOMPATIBLE'],
      cause: 'platform_unsupported',
      examples: [' ERR_PNPM_UNSUPPORTED_PLATFORM  Unsupported platform for fsevents@2.3.3'],
    },
    scripts_blocked: {
      message: ['ERR_PNPM_IGNORED_BUILDS'],
      cause: 'install_scripts_blocked',
      docs_url: 'https://pnpm.io/cli/approve-builds',
      examples: [
        ' ERR_PNPM_IGNORED_BUILDS  Ignored build scripts: esbuild, sharp, workerd',
        '[ERR_PNPM_IGNORED_BUILDS] Ignored build scripts: sharp@0.33.5.',
      ],
    },
    script_of_dependency: {
      message: 'ERR_PNPM_EXECUTOR_LIFECYCLE_SCRIPT_FAILED',
      cause: 'install_script_failed',
      examples: ['Error: ERR_PNPM_EXECUTOR_LIFECYCLE_SCRIPT_FAILED'],
    },
    linked_missing: {
      message: [
        'ERR_PNPM_LINKED_PKG_DIR_NOT_FOUND',
        'Could not install from "<PATH>" as it does not exist',
      ],
      group: 'ERR_PNPM_LINKED_PKG_DIR_NOT_FOUND',
      cause: 'file_not_found',
      title: 'A dependency is a folder that does not exist',
      examples: [
        ' ERR_PNPM_LINKED_PKG_DIR_NOT_FOUND  Could not install from "/opt/buildhome/gone" as it does not exist.',
        '╰─▶ Failed to resolve dependency: Could not install from "/opt/buildhome/gone" as it does not exist.',
      ],
    },
    git_dependency: {
      message: [
        'ERR_PNPM_GIT_FETCH_FAILED',
        'ERR_PNPM_GIT_RESOLVE_FAILED',
        'ERR_PNPM_PREPARE_PACKAGE',
        'ERR_PNPM_GIT_DEP_PREPARE_NOT_ALLOWED',
        'ERR_PNPM_GIT_CHECKOUT_FAILED',
        'ERR_PNPM_EXOTIC_SUBDEP',
      ],
      group: 'ERR_PNPM_GIT_FETCH_FAILED',
      cause: 'git_dependency_failed',
      examples: [
        ' ERR_PNPM_PREPARE_PACKAGE  Failed to prepare git-hosted package fetched from "https://codeload.github.com/acme/x": x@1.0.0 npm-install',
        ' ERR_PNPM_GIT_DEP_PREPARE_NOT_ALLOWED  The git-hosted package fetched from "https://codeload.github.com/acme/x" needs to execute build scripts',
      ],
    },
    manifest_missing: {
      message: [
        'ERR_PNPM_NO_PKG_MANIFEST',
        'ERR_PNPM_NO_IMPORTER_MANIFEST_FOUND',
        'ERR_PNPM_RECURSIVE_EXEC_NO_PACKAGE',
      ],
      group: 'ERR_PNPM_NO_PKG_MANIFEST',
      cause: 'manifest_not_found',
      examples: [
        ' ERR_PNPM_NO_PKG_MANIFEST  No package.json found in /opt/buildhome/repo',
        ' ERR_PNPM_NO_IMPORTER_MANIFEST_FOUND  No package.json (or package.yaml, or package.json5) was found in "/opt/buildhome/repo".',
      ],
    },
    manifest_invalid: {
      message: [
        'ERR_PNPM_JSON_PARSE',
        'ERR_PNPM_BAD_PACKAGE_JSON',
        'ERR_PNPM_INVALID_PACKAGE_NAME',
        'ERR_PNPM_INVALID_PACKAGE_MANAGER_SPEC',
        'ERR_PNPM_INVALID_DEPENDENCY_NAME',
        'ERR_PNPM_INVALID_OVERRIDES_SELECTOR',
        'ERR_PNPM_INVALID_SELECTOR',
        '× derive workspace root and package manager policy',
      ],
      group: 'ERR_PNPM_BAD_PACKAGE_JSON',
      cause: 'manifest_invalid',
      examples: [
        ' ERR_PNPM_JSON_PARSE  Expected double-quoted property name in JSON at position 123 while parsing package.json',
        ' ERR_PNPM_BAD_PACKAGE_JSON  /opt/buildhome/repo/package.json: Unexpected token',
        'Error:   × derive workspace root and package manager policy',
      ],
    },
    workspace_config: {
      message: [
        'packages field missing or empty',
        'ERR_PNPM_INVALID_WORKSPACE_CONFIGURATION',
        'ERR_PNPM_WORKSPACES_CONFIG',
      ],
      group: 'packages field missing or empty',
      cause: 'workspace_error',
      title: 'The pnpm workspace names no packages, or pnpm is too old for it',
      fix: 'Use pnpm 10 or later (packageManager, or PNPM_VERSION), or list the `packages` in pnpm-workspace.yaml.',
      examples: [
        ' ERROR  packages field missing or empty',
        ' ERR_PNPM_INVALID_WORKSPACE_CONFIGURATION  packages field missing or empty',
      ],
    },
    workspace: {
      message: [
        'ERR_PNPM_WORKSPACE_PKG_NOT_FOUND',
        'resolve package from workspace because',
        'ERR_PNPM_NO_MATCHING_VERSION_INSIDE_WORKSPACE',
        'ERR_PNPM_NOT_IN_WORKSPACE',
        'ERR_PNPM_WORKSPACE_PACKAGE_NOT_FOUND',
        'ERR_PNPM_CANNOT_RESOLVE_WORKSPACE_PROTOCOL',
        'ERR_PNPM_WORKSPACE_DEP_NOT_FOUND',
      ],
      group: 'ERR_PNPM_WORKSPACE_PKG_NOT_FOUND',
      cause: 'workspace_error',
      examples: [
        ' ERR_PNPM_WORKSPACE_PKG_NOT_FOUND  In : "@acme/ui@workspace:*" is in the dependencies but no package named "@acme/ui" is present in the workspace',
        ' ERR_PNPM_NO_MATCHING_VERSION_INSIDE_WORKSPACE  In apps/web: No matching version found for @acme/ui@workspace:^2.0.0 inside the workspace',
      ],
    },
    catalog: {
      message: [
        'ERR_PNPM_CATALOG_VERSION_MISMATCH',
        'ERR_PNPM_CATALOG_IN_OVERRIDES',
        'ERR_PNPM_CATALOG_ENTRY_NOT_FOUND_FOR_SPEC',
        'ERR_PNPM_INVALID_CATALOGS_CONFIGURATION',
        'ERR_PNPM_CATALOG_ENTRY_INVALID',
      ],
      group: 'ERR_PNPM_CATALOG_VERSION_MISMATCH',
      cause: 'workspace_error',
      title: 'The pnpm catalog does not hold what is asked of it',
      examples: [
        " ERR_PNPM_CATALOG_ENTRY_NOT_FOUND_FOR_SPEC  No catalog entry 'react' was found for catalog 'default'.",
      ],
    },
    patch: {
      message: [
        'ERR_PNPM_PATCH_FAILED',
        'ERR_PNPM_UNUSED_PATCH',
        'ERR_PNPM_PATCH_NOT_APPLIED',
        'ERR_PNPM_INVALID_PATCH',
        'ERR_PNPM_PATCH_FILE_NOT_FOUND',
        'ERR_PNPM_PATCH_KEY_CONFLICT',
      ],
      group: 'ERR_PNPM_PATCH_FAILED',
      cause: 'patch_failed',
      examples: [
        ' ERR_PNPM_PATCH_FAILED  Could not apply patch /opt/buildhome/repo/patches/x.patch to /opt/buildhome/repo/node_modules/x',
        ' ERR_PNPM_UNUSED_PATCH  The following patches were not used: x@1.0.0',
      ],
    },
    missing_script: {
      message: [
        'ERR_PNPM_NO_SCRIPT',
        'ERR_PNPM_RECURSIVE_RUN_NO_SCRIPT',
        'ERR_PNPM_NO_SCRIPT_OR_SERVER',
      ],
      group: 'ERR_PNPM_NO_SCRIPT',
      cause: 'script_missing',
      examples: [
        ' ERR_PNPM_NO_SCRIPT  Missing script: build',
        ' ERR_PNPM_RECURSIVE_RUN_NO_SCRIPT  None of the selected packages has a "build" script',
      ],
    },
    command_not_found: {
      message: [
        'ERR_PNPM_RECURSIVE_EXEC_FIRST_FAIL Command "<COMMAND>" not found',
        'ERR_PNPM_RECURSIVE_EXEC_FIRST_FAIL  Command "<COMMAND>" not found',
        'ERROR  Command "<COMMAND>" not found',
        '^× Command "<COMMAND>" not found',
        'ERR_PNPM_DLX_NO_BIN',
        'ERR_PNPM_NO_BIN',
      ],
      needles: [
        'ERR_PNPM_RECURSIVE_EXEC_FIRST_FAIL',
        ' not found',
        'ERR_PNPM_DLX_NO_BIN',
        'ERR_PNPM_NO_BIN',
      ],
      group: 'Command <COMMAND> not found',
      cause: 'command_not_found',
      when: /not found|NO_BIN/,
      examples: [
        ' ERR_PNPM_RECURSIVE_EXEC_FIRST_FAIL  Command "wrangler" not found',
        ' ERR_PNPM_DLX_NO_BIN  No binaries found in x',
        '  × Command "wrangler" not found',
      ],
    },
    frozen_store: {
      message: [
        'ERR_PNPM_UNEXPECTED_STORE',
        'ERR_PNPM_UNEXPECTED_VIRTUAL_STORE',
        'ERR_PNPM_MODULES_BREAKING_CHANGE',
        'ERR_PNPM_PUBLIC_HOIST_PATTERN_DIFF',
        'ERR_PNPM_HOIST_PATTERN_DIFF',
        'ERR_PNPM_INCLUDED_DEPS_CONFLICT',
        'ERR_PNPM_ABORTED_REMOVE_MODULES_DIR',
      ],
      group: 'ERR_PNPM_UNEXPECTED_STORE',
      cause: 'package_manager_error',
      title: 'node_modules was made by another pnpm or with other settings',
      fix: 'Do not commit node_modules; clear the build cache.',
      examples: [
        ' ERR_PNPM_ABORTED_REMOVE_MODULES_DIR_NO_TTY  Aborted removal of modules directory due to no TTY',
        ' ERR_PNPM_UNEXPECTED_STORE  Unexpected store location',
      ],
    },
    file_system: {
      message: [
        'ERR_PNPM_EACCES',
        'ERR_PNPM_EPERM',
        'ERR_PNPM_EISDIR',
        'ERR_PNPM_EXDEV',
        'ERR_PNPM_LINKING_FAILED',
        'ERR_PNPM_EBUSY',
        'ERR_PNPM_ENOTDIR',
        'ERR_PNPM_EMFILE',
        'ERR_PNPM_EINVAL',
        'ERR_PNPM_ENOTEMPTY',
      ],
      group: 'ERR_PNPM: a file operation failed',
      cause: 'file_system_error',
      examples: [" ERR_PNPM_EACCES  EACCES: permission denied, open '/opt/buildhome/repo/x'"],
    },
    enoent: {
      message: 'ERR_PNPM_ENOENT',
      cause: 'file_not_found',
      examples: [
        " ERR_PNPM_ENOENT  ENOENT: no such file or directory, open '/opt/buildhome/repo/x'",
      ],
    },
    run_failed: {
      message: [
        'ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL',
        'ERR_PNPM_RECURSIVE_EXEC_FIRST_FAIL',
        'ERR_PNPM_RECURSIVE_FAIL',
      ],
      group: 'ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL',
      cause: 'script_failed',
      rank: 'wrapper',
      examples: [' ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL  web@1.0.2 build: `vite build`'],
    },
    install_failed: {
      message: '^Error: × installing dependencies',
      needles: ['× installing dependencies'],
      group: 'Error: × installing dependencies',
      cause: 'package_manager_error',
      rank: 'wrapper',
      examples: ['Error:   × installing dependencies'],
    },
    lifecycle: {
      message: ['ELIFECYCLE', 'ERR_PNPM_LIFECYCLE'],
      group: 'ELIFECYCLE Command failed',
      cause: 'script_failed',
      rank: 'wrapper',
      unless: /^npm error/,
      examples: [
        ' ELIFECYCLE  Command failed with exit code 1.',
        '[ELIFECYCLE] Command failed with exit code 1.',
      ],
    },
    code: {
      message: 'ERR_PNPM_{pnpm}',
      cause: 'package_manager_error',
      rank: 'family',
      unless: /\bWARN\b|ERR_PNPM_RECURSIVE_/,
      examples: [' ERR_PNPM_SOMETHING_NEW  A failure that is not in this list'],
    },
  },
})
