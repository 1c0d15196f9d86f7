import { defineTool } from '../signature.ts'

/** SvelteKit and the Svelte compiler. */
export const sveltekit = defineTool({
  name: 'SvelteKit',
  error_code: 'sveltekit_error',
  docs_url: 'https://svelte.dev/docs/kit',
  signatures: {
    // From version 3 on, a code; what it means stands on the next line.
    coded: {
      message: '^SvelteKit error: <CODE>',
      needles: ['SvelteKit error: '],
      cause: 'compile_failed',
      rank: 'wrapper',
      introduces: true,
      examples: ['SvelteKit error: config_invalid_adapter'],
    },
    env: {
      message: [
        '"<NAME>" is not exported by "$env/static/<KIND>"',
        '"<NAME>" is not exported by "virtual:env/static/<KIND>"',
        '"<NAME>" is not exported by "\\0virtual:env/static/<KIND>"',
        '"<NAME>" is not exported by "\\u0000virtual:env/static/<KIND>"',
        "'<NAME>' is not exported by virtual:env/static/<KIND>",
        'No matching export in "virtual:env/static/<KIND>" for import "<NAME>"',
      ],
      // A NUL may stand before what follows the quote.
      needles: ['env/static/'],
      group: '"<NAME>" is not exported by "$env/static/<KIND>"',
      cause: 'env_var_missing',
      docs_url: 'https://svelte.dev/docs/kit/$env-static-public',
      examples: [
        'src/routes/+page.svelte (3:9): "PUBLIC_KEY" is not exported by "$env/static/public", imported by "src/routes/+page.svelte".',
        '"PUBLIC_KEY" is not exported by "virtual:env/static/public", imported by "src/a.ts".',
        '[MISSING_EXPORT] "API_KEY" is not exported by "\\0virtual:env/static/private".',
      ],
    },
    adapter_static: {
      message: [
        '@sveltejs/adapter-static: all routes must be fully prerenderable',
        'Encountered dynamic routes',
        'all routes must be fully prerenderable',
      ],
      cause: 'prerender_failed',
      title: 'adapter-static needs every route to be prerenderable',
      docs_url: 'https://svelte.dev/docs/kit/adapter-static',
      examples: [
        'Error: Encountered dynamic routes',
        '@sveltejs/adapter-static: all routes must be fully prerenderable, but found the following routes that are dynamic:',
      ],
    },
    adapter_auto: {
      message: [
        'Could not detect a supported production environment',
        'SvelteKit cannot determine whether it will work when your app is deployed',
        'Could not install <PACKAGE> on the fly',
      ],
      group: 'Could not detect a supported production environment',
      cause: 'adapter_missing',
      unless: /^> /,
      docs_url: 'https://svelte.dev/docs/kit/adapter-cloudflare',
      examples: [
        'Error: Could not install @sveltejs/adapter-cloudflare on the fly. Please install it before building',
      ],
    },
    prerender: {
      message: [
        'Error: {status} <PATH> (linked from <PATH>)',
        '^Error: {status} /<PATH>',
        '^Error: {status} /$',
        'The following routes were marked as prerenderable, but were not prerendered',
        'was marked as prerenderable, but',
        'Error: Failed to prerender <PATH>',
        'The following pages contain links to <PATH>, but no element with id=',
        'To suppress or handle this error, implement `handleHttpError`',
      ],
      needles: [
        '(linked from ',
        'Error: 400 /',
        'Error: 401 /',
        'Error: 403 /',
        'Error: 404 /',
        'Error: 500 /',
        'were marked as prerenderable',
        'Error: Failed to prerender',
        'The following pages contain links to ',
        '`handleHttpError`',
        'implement `handleMissingId`',
        'To suppress or handle this error',
      ],
      group: 'A page could not be prerendered',
      cause: 'prerender_failed',
      docs_url: 'https://svelte.dev/docs/kit/page-options#prerender',
      examples: [
        'Error: 404 /missing (linked from /)',
        'Error: 500 /shop',
        'Error: 500 /',
        'Error: Failed to prerender /prices',
        'Error: The following pages contain links to /#nope, but no element with id="nope" exists on / - see the `handleMissingId` option',
        'Error: The following routes were marked as prerenderable, but were not prerendered because they were not found while crawling your app:',
        'To suppress or handle this error, implement `handleHttpError` in https://svelte.dev/docs/kit/configuration#prerender',
      ],
    },
    compile: {
      message: [
        'CompileError: {words}',
        'ParseError: {words}',
        'SvelteKitError: {words}',
        'https://svelte.dev/e/{words}',
        'Cannot import <MODULE> into client-side code',
        'Cannot import <MODULE> into code that runs in the browser',
      ],
      needles: [
        'CompileError: ',
        'https://svelte.dev/e/',
        'into client-side code',
        'into code that runs in the browser',
        'into public-facing code',
      ],
      group: 'The Svelte compiler reported an error',
      cause: 'compile_failed',
      unless: /warn|a11y/i,
      examples: [
        'CompileError: `</div>` attempted to close an element that was not open',
        'Error: Cannot import $lib/server/db.ts into client-side code',
        'Error: Cannot import $env/static/private into code that runs in the browser, as this could leak sensitive information.',
      ],
    },
    config: {
      message: [
        'svelte.config.js: <MESSAGE>',
        'Error: config.kit.<NAME> should be',
        'Unexpected option config.kit',
        'does not exist, but is required',
        'src/app.html does not exist',
        'config.kit.',
      ],
      needles: ['config.kit.', 'app.html does not exist'],
      when: /^(?:Error: )?(?:config\.kit|Unexpected option config|.{0,200}app\.html does not exist)/,
      group: 'svelte.config.js is not valid',
      cause: 'config_invalid',
      examples: [
        'Error: config.kit.adapter should be an object with an "adapt" method',
        'Error: src/app.html does not exist',
      ],
    },
  },
})
