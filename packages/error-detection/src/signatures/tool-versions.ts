import { defineTool } from '../signature.ts'

/** The programs that bring a version of a tool: asdf, mise, nvm, pyenv, rbenv, Corepack. */
export const toolVersions = defineTool({
  name: 'Version managers',
  error_code: 'installing_tools_or_dependencies_failed',
  docs_url: 'https://developers.cloudflare.com/workers/ci-cd/builds/build-image/',
  signatures: {
    asdf_not_selected: {
      message: [
        'No preset version installed for command <COMMAND>',
        'No version is set for command <COMMAND>',
        'No version set for command <COMMAND>',
        'unknown command: <COMMAND>. Perhaps you have to reshim?',
      ],
      group: 'No version is set for command <COMMAND>',
      cause: 'tool_version_not_selected',
      examples: [
        'No preset version installed for command pnpm',
        'No version is set for command node',
        'unknown command: pnpm. Perhaps you have to reshim?',
      ],
    },
    asdf_plugin: {
      message: [
        'No such plugin: <TOOL>',
        'Plugin named <TOOL> not installed',
        '^plugin "<TOOL>" is not installed',
      ],
      group: 'No such plugin: <TOOL>',
      cause: 'tool_version_not_selected',
      title: 'A tool of .tool-versions is not supported',
      fix: 'Remove the tool from .tool-versions, or install it in the build command.',
      examples: ['No such plugin: terraform', 'plugin "terraform" is not installed'],
    },
    asdf_not_installed: {
      message: ['version <VERSION> is not installed for <TOOL>', '<TOOL> is not installed for'],
      group: 'A version of a tool is not installed',
      cause: 'tool_version_not_selected',
      when: /^(?:version|\S+ \S+ is not installed)/,
      examples: ['version 20.11.0 is not installed for nodejs'],
    },
    definition_not_found: {
      message: [
        'python-build: definition not found: <VERSION>',
        'ruby-build: definition not found: <VERSION>',
        'node-build: definition not found: <VERSION>',
        "pyenv: version `<VERSION>' is not installed",
        "rbenv: version `<VERSION>' is not installed",
        "version `<VERSION>' is not installed (set by",
      ],
      group: 'definition not found: <VERSION>',
      cause: 'tool_version_not_found',
      examples: [
        'python-build: definition not found: 3.13.99',
        "pyenv: version `3.9.1' is not installed (set by /opt/buildhome/repo/.python-version)",
      ],
    },
    nvm_not_found: {
      message: [
        "Version '<VERSION>' not found - try `nvm ls-remote`",
        'N/A: version "<VERSION>" is not yet installed',
        "Version '<VERSION>' (with LTS filter) not found",
      ],
      group: "Version '<VERSION>' not found",
      cause: 'tool_version_not_found',
      examples: [
        "Version '99' not found - try `nvm ls-remote` to browse available versions.",
        'N/A: version "v20.99.0" is not yet installed.',
      ],
    },
    node_download: {
      message: [
        "Failed to install node version '<VERSION>'",
        'Failed to install Node version <VERSION>',
        'Unable to find Node version <VERSION>',
        'Could not find a suitable version for node',
        "Unable to find Node version '<VERSION>'",
        'Error: Could not find Node.js version',
        'Found invalid Node.js Version: <VERSION>',
        'Binary download failed, trying source',
        "error: version '<VERSION>' not found in the remote index",
        "Can't find an installed Node version matching <VERSION>",
        'Node.js Version "<VERSION>" is discontinued and must be upgraded',
        'Found invalid or discontinued Node.js Version',
        'Error: Unable to find Node version',
        'Unable to find version <VERSION>',
      ],
      group: 'A Node.js version could not be installed',
      cause: 'tool_version_not_found',
      examples: [
        "Failed to install node version '99'",
        "Unable to find Node version '99.x' for platform linux and architecture x64.",
        'Error: Node.js Version "16.x" is discontinued and must be upgraded. Please set Node.js Version to 22.x',
        "error: Can't find an installed Node version matching v18.",
      ],
    },
    mise: {
      message: [
        'mise ERROR Failed to install <TOOL>',
        'mise ERROR failed to install <TOOL>',
        'mise ERROR no version found for <TOOL>',
        'mise ERROR <TOOL> not found in mise tool registry',
      ],
      group: 'mise ERROR Failed to install <TOOL>',
      cause: 'tool_version_not_found',
      examples: [
        'mise ERROR Failed to install core:node@99: HTTP status client error (404 Not Found) for url (https://nodejs.org/dist/v99/node.tar.gz)',
        'mise ERROR terraformm not found in mise tool registry',
      ],
    },
    mise_other: {
      message: '^mise ERROR {words}',
      cause: 'tool_version_not_found',
      rank: 'family',
      title: 'mise could not prepare the tools',
      examples: ['mise ERROR error parsing config file: ~/.config/mise.toml'],
    },
    checksum: {
      message: [
        'Checksum mismatch for file <PATH>',
        'Mismatch hashes. Expected <HASH>, got <HASH>',
        'sha256sum: WARNING: 1 computed checksum did NOT match',
      ],
      group: 'Checksum mismatch for a downloaded tool',
      cause: 'tool_download_failed',
      examples: [
        'Checksum mismatch for file node-v22.tar.gz',
        'Error: Mismatch hashes. Expected abc, got def',
      ],
    },
    corepack_other_manager: {
      message: [
        'UsageError: This project is configured to use {command} because',
        'Usage Error: This project is configured to use {command} because',
        'This project\'s package.json defines "packageManager": "{command}',
        'error This project\'s package.json defines "packageManager"',
        'Use "{command} install" for installation in this project',
        "Usage Error: The project in <PATH> doesn't seem to have been installed",
      ],
      group: 'This project is configured to use another package manager',
      cause: 'package_manager_mismatch',
      examples: [
        'UsageError: This project is configured to use yarn because /opt/buildhome/repo/package.json has a "packageManager" field',
        '║   Use "pnpm install" for installation in this project.   ║',
        'error This project\'s package.json defines "packageManager": "yarn@4.1.0". However the current global version of Yarn is 1.22.22.',
      ],
    },
    corepack_spec: {
      message: [
        'Invalid package manager specification in <PATH>',
        "Failed to successfully resolve '<VERSION>' to a valid",
        'Unsupported package manager specification',
      ],
      group: 'Invalid package manager specification',
      cause: 'tool_version_not_found',
      fix: 'Write the packageManager field as NAME@VERSION, with a version that exists.',
      examples: [
        'UsageError: Invalid package manager specification in package.json (pnpm@latest); expected a semver version',
        "Error: Failed to successfully resolve '99.x' to a valid pnpm release",
      ],
    },
    corepack_signature: {
      message: [
        'Cannot find matching keyid',
        'No compatible signature found in package metadata',
        'The package was not signed by any trusted keys',
        'Error: Signature does not match',
      ],
      cause: 'package_manager_signature',
      examples: [
        'Error: Cannot find matching keyid: {"signatures":[{"sig":"x","keyid":"SHA256:y"}]}',
        'Error: Signature does not match',
      ],
    },
    corepack_download: {
      message: [
        'Error: Error when performing the request to <URL>',
        'Internal Error: Error when performing the request to <URL>',
        'Error: Server answered with HTTP {status} when performing the request',
      ],
      group: 'Corepack could not download the package manager',
      cause: 'tool_download_failed',
      examples: [
        'Internal Error: Error when performing the request to https://registry.example/pnpm/latest; for troubleshooting help, see the docs',
        'Error: Server answered with HTTP 404 when performing the request to https://registry.example/yarn',
      ],
    },
    glibc: {
      message: ["version `GLIBC_<VERSION>' not found", "version `GLIBCXX_<VERSION>' not found"],
      group: 'version GLIBC not found',
      cause: 'tool_version_incompatible',
      fault: 'platform',
      title: 'A program needs a newer C library than the build image has',
      fix: 'Use an older version of the program, or a newer build image.',
      examples: [
        "node: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.28' not found (required by node)",
      ],
    },
    shared_library: {
      message: 'error while loading shared libraries: <LIBRARY>:',
      cause: 'system_library_missing',
      examples: [
        'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory',
      ],
    },
    netlify_tools: {
      message: [
        'User damaged or invalid Node version',
        'Failed to install dependencies: {words}',
        'Invalid python version',
        'Ruby Version manager: <VERSION> not found',
        'Required ruby-<VERSION> is not installed',
      ],
      group: 'A tool version could not be installed',
      cause: 'tool_version_not_found',
      examples: ['Required ruby-2.6.2 is not installed.'],
    },
  },
})
