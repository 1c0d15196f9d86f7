import { defineTool } from '../signature.ts'

/** What sh, bash and the system say when a command cannot be run. */
export const shell = defineTool({
  name: 'Shell',
  error_code: 'shell_error',
  docs_url: 'https://www.gnu.org/software/bash/manual/bash.html#Exit-Status',
  signatures: {
    command_not_found: {
      message: [
        '^sh: <N>: {command}: not found$',
        '^/bin/sh: <N>: {command}: not found$',
        'sh: line <N>: {command}: command not found$',
        'sh: {command}: not found$',
        'sh: {command}: command not found$',
      ],
      group: '{command}: not found',
      cause: 'command_not_found',
      examples: [
        'sh: 1: vite: not found',
        '/bin/sh: 2: hugo: not found',
        'bash: line 1: pnpm: command not found',
        'sh: next: not found',
        '/bin/bash: jekyll: command not found',
      ],
    },
  },
})
