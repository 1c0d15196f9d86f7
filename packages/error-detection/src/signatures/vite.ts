import { defineTool } from '../signature.ts'

/** Vite, and the bundlers beneath it: Rollup, and Rolldown from version 8. */
export const vite = defineTool({
  name: 'Vite',
  error_code: 'vite_error',
  docs_url: 'https://vite.dev/guide/troubleshooting.html',
  signatures: {
    unresolved_import: {
      message: [
        'failed to resolve import "<MODULE>" from "<PATH>"',
        'Failed to resolve import "<MODULE>" from "<PATH>"',
      ],
      cause: 'module_not_found',
      examples: [
        '[vite]: Rollup failed to resolve import "dayjs" from "/opt/buildhome/repo/src/main.ts".',
        'Error: [vite]: Rolldown failed to resolve import "./missing" from "/opt/buildhome/repo/src/main.js".',
        'Failed to resolve import "./missing" from "src/main.ts". Does the file exist?',
      ],
    },
  },
})
