import { defineTool } from '../signature.ts'

/** Lines begin with `npm error` from version 10 and `npm ERR!` before; both are read as the former. */
export const npm = defineTool({
  name: 'npm',
  error_code: 'npm_error',
  docs_url: 'https://docs.npmjs.com/common-errors',
  signatures: {
    lockfile_out_of_sync: {
      message:
        'npm error `npm ci` can only install packages when your package.json and package-lock.json',
      group:
        'npm error `npm ci` can only install packages when package.json and the lockfile are in sync',
      cause: 'lockfile_out_of_sync',
      fix: 'Run `npm install` with the npm version of the build, and commit package-lock.json.',
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
      fix: 'Run `npm install` with the npm version of the build, and commit package-lock.json.',
      docs_url: 'https://docs.npmjs.com/cli/commands/npm-ci',
      examples: [
        'npm error Missing: left-pad@1.3.0 from lock file',
        "npm ERR! Invalid: lock file's typescript@4.9.5 does not satisfy typescript@5.4.2",
      ],
    },
    lockfile_missing: {
      message: 'npm error The `npm ci` command can only install with an existing package-lock.json',
      cause: 'lockfile_missing',
      examples: [
        'npm error The `npm ci` command can only install with an existing package-lock.json or',
        'npm ERR! The `npm ci` command can only install with an existing package-lock.json or',
      ],
    },
    peer_conflict: {
      message: [
        '^npm error code ERESOLVE',
        '^npm error ERESOLVE unable to resolve dependency tree',
        '^npm error ERESOLVE could not resolve',
      ],
      cause: 'peer_dependency_conflict',
      docs_url: 'https://docs.npmjs.com/cli/using-npm/config#legacy-peer-deps',
      examples: [
        'npm error code ERESOLVE',
        'npm ERR! code ERESOLVE',
        'npm ERR! ERESOLVE unable to resolve dependency tree',
        'npm error ERESOLVE could not resolve',
      ],
    },
    missing_script: {
      message: ['^npm error Missing script: <SCRIPT>', '^npm error missing script: <SCRIPT>'],
      cause: 'script_missing',
      docs_url: 'https://docs.npmjs.com/cli/using-npm/scripts',
      examples: ['npm error Missing script: "build"', 'npm ERR! missing script: build'],
    },
  },
})
