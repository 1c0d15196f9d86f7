import { defineTool } from '../signature.ts'

/** npm on scripts. */
export const npmScripts = defineTool({
  name: 'npm',
  error_code: 'npm_error',
  docs_url: 'https://docs.npmjs.com/cli/using-npm/scripts',
  prefixes: [
    // [0] …  (concurrently)
    /^\[\d{1,2}\] /,
  ],
  signatures: {
    missing_script: {
      message: ['^npm error Missing script: <SCRIPT>', '^npm error missing script: <SCRIPT>'],
      cause: 'script_missing',
      examples: ['npm error Missing script: "build"', 'npm ERR! missing script: build'],
    },
    no_executable: {
      message: '^npm error could not determine executable to run',
      cause: 'command_not_found',
      title: 'npx found no program of that name',
      fix: 'Correct the name after npx, or install the package that brings the program.',
      examples: ['npm error could not determine executable to run'],
    },
    npx_cancelled: {
      message: [
        '^npm error npx canceled due to missing packages',
        '^npx canceled due to missing packages',
      ],
      cause: 'command_not_found',
      title: 'npx would have to install a package, and may not',
      examples: [
        'npm error npx canceled due to missing packages and no YES option: ["wrangler@4.0.0"]',
      ],
    },
    script_command_not_found: {
      message: [
        "npm error '<COMMAND>' is not recognized as an internal or external command",
        '^npm error sh: <N>: {command}: not found',
        '^npm error sh: {command}: not found',
        '^npm error spawn {command} ENOENT',
        '^npm error spawn ENOENT',
        '^npm error syscall spawn {command}',
      ],
      group: 'npm error: a script calls a command that is not installed',
      cause: 'command_not_found',
      examples: [
        "npm error 'node' is not recognized as an internal or external command,",
        'npm error sh: 1: node-gyp: not found',
        'npm ERR! syscall spawn git',
      ],
    },
    install_script: {
      message: [
        '^npm error Failed at the <PACKAGE> install script',
        '^npm error Failed at the <PACKAGE> postinstall script',
        '^npm error Failed at the <PACKAGE> preinstall script',
        '^npm error Failed at the <PACKAGE> prepare script',
        '^npm error <PACKAGE> postinstall: `<COMMAND>`',
        '^npm error <PACKAGE> install: `<COMMAND>`',
        '^npm error <PACKAGE> preinstall: `<COMMAND>`',
      ],
      group: 'npm error Failed at the install script of <PACKAGE>',
      cause: 'install_script_failed',
      rank: 'family',
      examples: [
        'npm ERR! Failed at the electron@1.7.9 postinstall script.',
        'npm ERR! electron@1.7.9 postinstall: `node install.js`',
      ],
    },
    install_script_path: {
      message: ['^npm error path <PATH>node_modules<PATH>'],
      needles: ['npm error path', 'npm ERR! path'],
      group: 'npm error Failed at the install script of <PACKAGE>',
      cause: 'install_script_failed',
      rank: 'wrapper',
      examples: ['npm error path /opt/buildhome/repo/node_modules/sharp'],
    },
    native_package: {
      message: [
        '^npm error <PACKAGE> install: `node-gyp rebuild`',
        '^npm error command sh -c node-gyp rebuild',
        '^npm error command sh -c node-pre-gyp install',
        '^npm error command sh -c prebuild-install',
        '^npm error Failed at the node-sass@<VERSION> postinstall script',
        '^npm error node-sass@<VERSION> postinstall',
      ],
      group: 'npm error node-gyp rebuild',
      rank: 'family',
      cause: 'native_build_failed',
      examples: [
        'npm ERR! bcrypt@1.0.3 install: `node-gyp rebuild`',
        'npm error command sh -c prebuild-install || node-gyp rebuild --release',
        'npm ERR! node-sass@4.11.0 postinstall: `node scripts/build.js`',
      ],
    },
    unknown_command: {
      message: [
        '^Unknown command: "<COMMAND>"',
        '^npm error Unknown command: "<COMMAND>"',
        '^npm error Unknown cli config',
      ],
      cause: 'invalid_command',
      examples: ['Unknown command: "biuld"'],
    },
    lifecycle: {
      message: [
        '^npm error code ELIFECYCLE',
        '^npm error Lifecycle script `<SCRIPT>` failed with error',
        '^npm error command failed',
        '^npm error command sh -c',
        '^npm error Exit status {exit}',
        '^npm error Failed at the <PACKAGE> script',
        '^npm error <PACKAGE> build: `<COMMAND>`',
      ],
      group: 'npm error: a script failed',
      cause: 'script_failed',
      rank: 'wrapper',
      examples: [
        'npm ERR! code ELIFECYCLE',
        'npm error Lifecycle script `build` failed with error:',
        'npm error command sh -c node build.js',
        'npm ERR! site@0.1.0 build: `react-scripts build`',
      ],
    },
  },
})
