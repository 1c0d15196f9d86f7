import { defineTool } from '../signature.ts'

export const bun = defineTool({
  name: 'Bun',
  error_code: 'bun_error',
  docs_url: 'https://bun.com/docs/install',
  signatures: {
    lockfile_out_of_sync: {
      message: '^error: lockfile had changes, but lockfile is frozen',
      cause: 'lockfile_out_of_sync',
      fix: 'Run `bun install` with the Bun version of the build, and commit bun.lock.',
      examples: ['error: lockfile had changes, but lockfile is frozen'],
    },
    missing_script: {
      message: '^error: Script not found "<SCRIPT>"',
      cause: 'script_missing',
      examples: ['error: Script not found "build"'],
    },
  },
})
