import { defineTool } from '../signature.ts'

/** Version 1 prints `error message`, later ones `➤ YN0028: │ message`. */
export const yarn = defineTool({
  name: 'Yarn',
  error_code: 'yarn_error',
  docs_url: 'https://yarnpkg.com/advanced/error-codes',
  signatures: {
    lockfile_out_of_sync: {
      message:
        '^error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.',
      cause: 'lockfile_out_of_sync',
      fix: 'Run `yarn install` with the Yarn version of the build, and commit yarn.lock.',
      examples: [
        'error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.',
      ],
    },
    lockfile_out_of_sync_berry: {
      message: [
        'YN0028: │ The lockfile would have been modified by this install',
        'YN0028: The lockfile would have been',
      ],
      group:
        'YN0028: The lockfile would have been modified by this install, which is explicitly forbidden.',
      cause: 'lockfile_out_of_sync',
      fix: 'Run `yarn install` with the Yarn version of the build, and commit yarn.lock.',
      examples: [
        '➤ YN0028: │ The lockfile would have been modified by this install, which is explicitly forbidden.',
        '➤ YN0028: The lockfile would have been modified by this install, which is explicitly forbidden.',
      ],
    },
    missing_script: {
      message: [
        '^error Command "<SCRIPT>" not found.',
        '^Usage Error: Couldn\'t find a script named "<SCRIPT>".',
      ],
      cause: 'script_missing',
      examples: [
        'error Command "build" not found.',
        'Usage Error: Couldn\'t find a script named "build".',
      ],
    },
  },
})
