import { defineTool } from '../signature.ts'

export const node = defineTool({
  name: 'Node.js',
  error_code: 'node_error',
  docs_url: 'https://nodejs.org/api/errors.html',
  signatures: {
    module_not_found: {
      message: [
        "Error: Cannot find module '<MODULE>'",
        "Cannot find package '<MODULE>' imported from <PATH>",
        "Cannot find module '<MODULE>' imported from <PATH>",
      ],
      group: 'Error: Cannot find module <MODULE>',
      cause: 'module_not_found',
      examples: [
        "Error: Cannot find module 'dotenv'",
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'dotenv' imported from /opt/buildhome/repo/build.mjs",
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/opt/buildhome/repo/lib/x.js' imported from /opt/buildhome/repo/build.mjs",
      ],
    },
    heap_out_of_memory: {
      message: 'JavaScript heap out of memory',
      group: 'FATAL ERROR: JavaScript heap out of memory',
      cause: 'out_of_memory',
      rank: 'infrastructure',
      docs_url: 'https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib',
      examples: [
        'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
        'FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory',
        'FATAL ERROR: CALL_AND_RETRY_LAST Allocation failed - JavaScript heap out of memory',
      ],
    },
  },
})
