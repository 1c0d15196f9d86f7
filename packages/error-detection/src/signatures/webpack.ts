import { defineTool } from '../signature.ts'

/** webpack, and what is built on it; Turbopack and Rspack print the same words. */
export const webpack = defineTool({
  name: 'webpack',
  error_code: 'webpack_error',
  docs_url: 'https://webpack.js.org/configuration/resolve/',
  signatures: {
    module_not_found: {
      message: [
        "Module not found: Can't resolve '<MODULE>'",
        "Module not found: Error: Can't resolve '<MODULE>'",
      ],
      cause: 'module_not_found',
      examples: [
        "Module not found: Error: Can't resolve './missing' in '/opt/buildhome/repo/src'",
        "Module not found: Can't resolve '@/lib/missing'",
      ],
    },
  },
})
