import { defineTool } from '../signature.ts'

/** React Router, Remix, TanStack Start, Gatsby, Expo. */
export const reactFrameworks = defineTool({
  name: 'React frameworks',
  error_code: 'react_framework_error',
  docs_url: 'https://reactrouter.com/how-to/pre-rendering',
  signatures: {
    react_router_prerender: {
      message: [
        'Prerender (html): Received a {status} status code from',
        'Prerender (data): Received a {status} status code from',
        'Prerender (<KIND>): <MESSAGE>',
        'SPA Mode: <MESSAGE>',
        'SPA Mode: Received a {status} status code',
      ],
      group: 'Prerender: a page could not be rendered',
      cause: 'prerender_failed',
      unless: /^SPA Mode: Generated|Prerender \(\w+\): \S+ -> /,
      examples: [
        'Error: Prerender (html): Received a 500 status code from `entry.server.tsx` while prerendering the `/` path.',
        'Error: SPA Mode: Received a 500 status code from `entry.server.tsx` while prerendering your `index.html` file.',
      ],
    },
    root_route: {
      message: [
        'Could not find a root route module in the app directory',
        'Missing "root" route file in',
        'Could not find `entry.server`',
        'Could not find a root route',
        'Could not determine server runtime. Please install',
      ],
      group: 'Could not find a root route module',
      cause: 'file_not_found',
      examples: [
        'Could not find a root route module in the app directory as "app/root.tsx"',
        'Error: Missing "root" route file in /opt/buildhome/repo/app',
      ],
    },
    server_only: {
      message: [
        'Server-only module referenced by client',
        'Only components exported',
        'Server-only module referenced',
      ],
      needles: ['Server-only module referenced'],
      group: 'Server-only module referenced by client',
      cause: 'framework_misuse',
      examples: ['[plugin:react-router:dot-server] Server-only module referenced by client'],
    },
    config: {
      message: [
        'The React Router Vite plugin requires the use of a Vite config file',
        'react-router.config.ts must export',
        'The "<NAME>" config property',
        'Unable to load react-router config',
        'route config in "routes.ts" is invalid',
        'Route config in "routes.ts" is invalid',
        'Unable to define routes with duplicate route id',
      ],
      needles: [
        'React Router Vite plugin requires',
        'react-router.config',
        'oute config in "routes.ts" is invalid',
        'Unable to define routes with duplicate',
      ],
      when: /requires|must|invalid|Unable/,
      group: 'The React Router configuration is not valid',
      cause: 'config_invalid',
      examples: [
        'Error: Route config in "routes.ts" is invalid.',
        'Error: Unable to define routes with duplicate route id: "routes/a"',
      ],
    },
    remix_missing: {
      message: [
        'Missing entry "<NAME>" in manifest',
        'Error: Could not locate @remix-run',
        'Remix Vite plugin not found',
        'React Router Vite plugin not found in Vite config',
      ],
      needles: ['Vite plugin not found', 'Could not locate @remix-run'],
      group: 'The Vite plugin of the framework was not found',
      cause: 'config_invalid',
      examples: [
        'React Router Vite plugin not found in Vite config',
        'Remix Vite plugin not found in Vite config',
      ],
    },
    gatsby: {
      message: [
        '^ERROR #{exit}',
        'ERROR #<N> <KIND>',
        'Building static HTML failed',
        'Building static HTML failed for path',
        'There was an error in your GraphQL query',
        'Cannot query field "<FIELD>" on type',
        'failed Building production JavaScript and CSS bundles',
        'Generating JavaScript bundles failed',
        '"gatsby-node.js" threw an error',
        'Couldn\'t find the "<PLUGIN>" plugin declared in',
        'There was a problem loading plugin "<PLUGIN>"',
        "We encountered an error while trying to load your site's gatsby-config",
        'The GraphQL query from',
      ],
      needles: [
        'ERROR #',
        'Building static HTML failed',
        'error in your GraphQL query',
        'Cannot query field "',
        'failed Building production',
        'Generating JavaScript bundles failed',
        '"gatsby-node.js" threw',
        'plugin declared in',
        'There was a problem loading plugin',
        "to load your site's gatsby-config",
      ],
      when: /^(?:ERROR #\d{3,6}|Building static|There was|Cannot query|failed Building|Generating|"gatsby|Couldn't find the|We encountered|The GraphQL)/,
      group: 'Gatsby could not build the site',
      cause: 'bundle_failed',
      error_code: 'gatsby_error',
      rank: 'family',
      docs_url: 'https://www.gatsbyjs.com/docs/',
      examples: [
        ' ERROR #85923  GRAPHQL',
        'Building static HTML failed for path "/"',
        'There was an error in your GraphQL query:',
      ],
    },
    gatsby_html: {
      message: [
        'See our docs page for more info on this error: https://gatsby.dev/debug-html',
        'WebpackError: ReferenceError: <NAME> is not defined',
      ],
      group: 'WebpackError: ReferenceError: <NAME> is not defined',
      cause: 'undefined_reference',
      error_code: 'gatsby_error',
      docs_url: 'https://www.gatsbyjs.com/docs/debugging-html-builds/',
      examples: ['  WebpackError: ReferenceError: window is not defined'],
    },
    graphql: {
      message: [
        'Cannot query field "<FIELD>" on type "<TYPE>"',
        'GraphQLError: {words}',
        'GraphQL error: {words}',
        'GraphQL Document Validation failed',
        'Failed to load schema from',
      ],
      needles: [
        'Cannot query field "',
        'GraphQLError: ',
        'GraphQL Document Validation',
        'Failed to load schema from',
      ],
      group: 'A GraphQL query is not valid',
      cause: 'content_invalid',
      error_code: 'graphql_error',
      title: 'A GraphQL query is not valid for its schema',
      docs_url: 'https://graphql.org/learn/validation/',
      examples: [
        'Cannot query field "foo" on type "Query".',
        'GraphQL Document Validation failed with 1 errors;',
        'Failed to load schema from https://api.acme.example/graphql:',
      ],
    },
    expo: {
      message: [
        'Unable to resolve module <MODULE> from <PATH>',
        'Error: Unable to resolve module <MODULE>',
        'CommandError: {words}',
        'ConfigError: {words}',
        'Unable to resolve "<MODULE>" from "<PATH>"',
      ],
      needles: [
        'Unable to resolve module ',
        'CommandError: ',
        'ConfigError: ',
        'Unable to resolve "',
      ],
      group: 'Metro: Unable to resolve module <MODULE>',
      cause: 'module_not_found',
      error_code: 'expo_error',
      when: /Unable to resolve/,
      docs_url: 'https://docs.expo.dev/',
      examples: [
        'Error: Unable to resolve module ./missing from /opt/buildhome/repo/App.js:',
        'Unable to resolve "react-dom" from "node_modules/expo/index.js"',
      ],
    },
    expo_command: {
      message: ['CommandError: {words}', '^ConfigError: {words}'],
      group: 'CommandError: {words}',
      cause: 'config_invalid',
      error_code: 'expo_error',
      rank: 'family',
      docs_url: 'https://docs.expo.dev/',
      examples: [
        "CommandError: It looks like you're trying to use web support but don't have the required dependencies installed.",
        'ConfigError: The expected package.json path: /opt/buildhome/repo/package.json does not exist',
      ],
    },
  },
})

export const angular = defineTool({
  name: 'Angular',
  error_code: 'angular_error',
  docs_url: 'https://angular.dev/errors',
  signatures: {
    budget: {
      message: ['exceeded maximum budget', 'bundle initial exceeded maximum budget'],
      cause: 'budget_exceeded',
      docs_url: 'https://angular.dev/tools/cli/build#configuring-size-budgets',
      unless: /warn/i,
      when: /error/i,
      examples: [
        'Error: bundle initial exceeded maximum budget. Budget 1.00 MB was not met by 200 kB with a total of 1.20 MB.',
        '✘ [ERROR] bundle initial exceeded maximum budget. Budget 1.00 MB was not met by 12.00 kB with a total of 1.01 MB.',
      ],
    },
    template: {
      message: [
        'error NG{ts}: <MESSAGE>',
        'NG{ts}: <MESSAGE>',
        '[ERROR] NG{ts}: <MESSAGE>',
        'error NG<N>: <MESSAGE>',
        '✘ [ERROR] NG<N>: <MESSAGE>',
      ],
      needles: ['error NG', 'ERROR] NG'],
      group: 'error NG: <MESSAGE>',
      cause: 'type_error',
      title: 'An Angular template or component is not valid',
      examples: [
        "src/app/app.html:3:5 - error NG8002: Can't bind to 'x' since it isn't a known property of 'y'.",
        "✘ [ERROR] NG8001: 'app-x' is not a known element: [plugin angular-compiler]",
      ],
    },
    workspace: {
      message: [
        'Error: This command is not available when running the Angular CLI outside a workspace',
        "Project '<NAME>' does not exist",
        'Project target does not exist',
        "Configuration '<NAME>' is not set in the workspace",
        "Could not find the '<PACKAGE>' builder's node package",
        'Schema validation failed with the following errors',
        'An unhandled exception occurred: {words}',
        'Cannot determine project or target',
        'Error: Unknown argument: <NAME>',
      ],
      group: 'The Angular workspace is not configured as it must be',
      cause: 'config_invalid',
      rank: 'family',
      examples: [
        "Error: Project 'app' does not exist.",
        "An unhandled exception occurred: Configuration 'prod' is not set in the workspace.",
        "Could not find the '@angular-devkit/build-angular:browser' builder's node package.",
      ],
    },
    bundle_failed: {
      message: 'Application bundle generation failed',
      cause: 'bundle_failed',
      rank: 'wrapper',
      examples: ['Application bundle generation failed. [12.345 seconds]'],
    },
    typescript: {
      message: 'The Angular Compiler requires TypeScript <RANGE> but <VERSION> was found',
      cause: 'dependency_conflict',
      title: 'The version of TypeScript does not suit Angular',
      examples: [
        'Error: The Angular Compiler requires TypeScript >=5.4.0 and <5.6.0 but 5.9.2 was found instead.',
      ],
    },
    prerender: {
      message: [
        "An error occurred while prerendering route '<PATH>'",
        'An error occurred while extracting routes',
      ],
      cause: 'prerender_failed',
      examples: ["✘ [ERROR] An error occurred while prerendering route '/a'."],
    },
    fonts: {
      message: 'Inlining of fonts failed',
      cause: 'network_error',
      title: 'Fonts could not be fetched to be inlined',
      examples: [
        '✘ [ERROR] Inlining of fonts failed. An error has occurred while retrieving https://fonts.googleapis.com/css over the internet.',
        'Error: Inlining of fonts failed. https://fonts.googleapis.com/icon returned status code: 403.',
      ],
    },
  },
})

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
