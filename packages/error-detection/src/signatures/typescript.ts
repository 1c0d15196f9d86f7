import { defineTool } from '../signature.ts'

export const typescript = defineTool({
  name: 'TypeScript',
  error_code: 'typescript_error',
  docs_url: 'https://www.typescriptlang.org/tsconfig',
  signatures: {
    type_error: {
      message: ['error TS{ts}: <MESSAGE>'],
      group: 'error TS{ts}: <MESSAGE>',
      cause: 'type_error',
      examples: [
        "src/index.ts(12,5): error TS2307: Cannot find module './missing' or its corresponding type declarations.",
        "src/index.ts:12:5 - error TS2339: Property 'x' does not exist on type 'Y'.",
        "error TS18003: No inputs were found in config file 'tsconfig.json'.",
      ],
    },
  },
})
