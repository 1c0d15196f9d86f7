import { defineTool } from '../signature.ts'

/** Vue CLI, Quasar and the Vue compiler. */
export const vue = defineTool({
  name: 'Vue',
  error_code: 'vue_error',
  docs_url: 'https://cli.vuejs.org/',
  signatures: {
    dependency_not_found: {
      message: [
        'This dependency was not found:',
        'These dependencies were not found:',
        'This relative module was not found:',
        'These relative modules were not found:',
      ],
      group: 'This dependency was not found',
      cause: 'module_not_found',
      examples: ['This dependency was not found:', 'These relative modules were not found:'],
    },
    compiler: {
      message: [
        'Vue packages version mismatch',
        'VueCompilerError: {words}',
        'Errors compiling template:',
        'At least one <template> or <script> is required in a single file component',
        'vue-template-compiler must be installed as a peer dependency',
        '[@vue/compiler-sfc] <MESSAGE>',
      ],
      needles: [
        'Vue packages version mismatch',
        'Errors compiling template',
        'is required in a single file component',
        'vue-template-compiler must be',
        '[@vue/compiler-sfc]',
        'VueCompilerError',
      ],
      group: 'The Vue compiler reported an error',
      cause: 'compile_failed',
      unless: /warn|is a compiler macro/i,
      examples: [
        'Vue packages version mismatch:',
        'Errors compiling template:',
        'SyntaxError: [@vue/compiler-sfc] Unexpected token (3:1)',
      ],
    },
    cli_error: {
      message: 'Error: Build failed with errors',
      cause: 'bundle_failed',
      rank: 'wrapper',
      examples: ['ERROR  Error: Build failed with errors.'],
    },
  },
})
