import { defineTool } from '../signature.ts'

/** Errors are printed as ` ERR_PNPM_X  message`, and as `[ERR_PNPM_X] message` from version 11. */
export const pnpm = defineTool({
  name: 'pnpm',
  error_code: 'pnpm_error',
  docs_url: 'https://pnpm.io/errors',
  signatures: {
    lockfile_out_of_sync: {
      message: ['ERR_PNPM_OUTDATED_LOCKFILE', 'ERR_PNPM_FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE'],
      cause: 'lockfile_out_of_sync',
      fix: 'Run `pnpm install` with the pnpm version of the build, and commit pnpm-lock.yaml.',
      examples: [
        ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with <ROOT>/package.json',
        '[ERR_PNPM_OUTDATED_LOCKFILE] Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with package.json',
        ' ERR_PNPM_FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE  Cannot perform a frozen installation because the lockfile needs updates',
      ],
    },
    missing_script: {
      message: ['ERR_PNPM_NO_SCRIPT', 'ERR_PNPM_RECURSIVE_RUN_NO_SCRIPT'],
      cause: 'script_missing',
      examples: [
        ' ERR_PNPM_NO_SCRIPT  Missing script: build',
        ' ERR_PNPM_RECURSIVE_RUN_NO_SCRIPT  None of the selected packages has a "build" script',
      ],
    },
  },
})
