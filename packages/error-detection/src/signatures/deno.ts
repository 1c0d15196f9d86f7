import { defineTool } from '../signature.ts'

/** Deno. */
export const deno = defineTool({
  name: 'Deno',
  error_code: 'deno_error',
  docs_url: 'https://docs.deno.com/runtime/',
  noise: [
    // the command of a task, which is only echoed: Task build …
    /^Task (?!never\b)[\w:-]{1,60} (?!failed|exited|not\b|is\b|was\b|has\b)\S/,
  ],
  signatures: {
    deno: {
      message: [
        'error: Module not found "<MODULE>"',
        'error: Relative import path "<MODULE>" not prefixed with',
        'error: Unable to load a local module',
        'error: Could not resolve "<MODULE>"',
        "error: Import '<URL>' failed",
        'error: Could not find a matching package for',
      ],
      group: 'error: Module not found "<MODULE>"',
      cause: 'module_not_found',
      examples: [
        'error: Module not found "file:///opt/buildhome/repo/mod.ts".',
        'error: Relative import path "x" not prefixed with / or ./ or ../',
      ],
    },
    uncaught: {
      message: [
        '^error: Uncaught {js}: {words}',
        '^error: Uncaught (in promise) {js}: {words}',
        '^Uncaught (in promise) {js}: {words}',
      ],
      needles: ['error: Uncaught', 'Uncaught (in promise)'],
      group: 'error: Uncaught {js}: {words}',
      cause: 'exception',
      rank: 'family',
      examples: [
        'error: Uncaught (in promise) TypeError: x is wrong',
        'Uncaught (in promise) Error: foo',
      ],
    },
  },
})
