import { ASTRO_NAMES } from '../public/known-codes.ts'
import { defineTool } from '../signature.ts'

/** What stands before a page in the list of those that are prerendered. */
const PAGES = ['├─ /', '└─ /']

const NAMES_WITHOUT_ERROR = [...ASTRO_NAMES]
  .filter((name) => !name.endsWith('Error'))
  .map((name) => `[${name}] `)

/** Errors are printed as `[Name] message`, by the names in its documentation. */
export const astro = defineTool({
  name: 'Astro',
  error_code: 'astro_error',
  docs_url: 'https://docs.astro.build/en/reference/error-reference/',
  lead_ins: [
    // `└─ /index.htmlfetch failed`: what a page throws stands where the time that it took would
    // stand, without the class of the error.
    {
      written:
        /^[├└]─ \/\S{0,300}?\.(?:html|xml|json|txt|md|js|css|svg|png|ics|csv|webmanifest)(?=[^\s(])/,
      stands_for: 'Error: ',
      // [NoAdapterInstalled] …   TypeError: …
      unless: /^(?:\[[A-Z]\w{2,60}\]|\[?\w{0,40}Error: )/,
    },
  ],
  routine: [
    // `├─ /blog/index.html (+12ms)`: a page that was built. Large sites have thousands of them.
    { end: 's)', when: /─ \/\S{0,300} \(\+[\d.]{1,12}m?s\)$/ },
  ],
  noise: [
    // [@astrojs/cloudflare] If you see the error "…": it may be seen later
    /^(?:\[[@\w/-]{1,60}\] )?If you see the error\b/,
  ],
  markers: [{ needle: 'page(s) built in', when: /page\(s\) built in/, absolves: 'weak' }],
  signatures: {
    no_adapter: {
      message: [
        '[NoAdapterInstalled] <MESSAGE>',
        '[NoAdapterInstalledServerIslands] <MESSAGE>',
        'Cannot use server-rendered pages without an adapter',
        "Cannot use `output: 'server'` without an adapter",
        'Cannot use server islands without an adapter',
      ],
      group: '[NoAdapterInstalled]',
      cause: 'adapter_missing',
      examples: [
        '[NoAdapterInstalled] Cannot use server-rendered pages without an adapter. Please install and configure the appropriate server adapter for your final deployment.',
      ],
    },
    content_invalid: {
      message: [
        '[InvalidContentEntryDataError] <MESSAGE>',
        '[InvalidContentEntryFrontmatterError] <MESSAGE>',
        '[ContentSchemaContainsSlugError] <MESSAGE>',
        '[MarkdownFrontmatterParseError] <MESSAGE>',
        '[ContentEntryDataError] <MESSAGE>',
        '[DataCollectionEntryParseError] <MESSAGE>',
        '[ContentLoaderInvalidDataError] <MESSAGE>',
        '[InvalidContentEntrySlugError] <MESSAGE>',
        'data does not match collection schema',
        'frontmatter does not match collection schema',
        '[LegacyContentConfigError] <MESSAGE>',
        '[MDXError] <MESSAGE>',
        'Duplicate id "<ID>" found',
        '[LiveContentConfigError] <MESSAGE>',
      ],
      group: 'Content does not match its collection schema',
      cause: 'content_invalid',
      unless: /^\[?warn/i,
      examples: [
        '[InvalidContentEntryDataError] blog → first-post data does not match collection schema.',
        'blog → first.md frontmatter does not match collection schema.',
      ],
    },
    image: {
      message: [
        '[ImageNotFound] <MESSAGE>',
        '[MissingSharp] <MESSAGE>',
        '[UnsupportedImageFormat] <MESSAGE>',
        '[NoImageMetadata] <MESSAGE>',
        '[MissingImageDimension] <MESSAGE>',
        '[FailedToFetchRemoteImageDimensions] <MESSAGE>',
        '[CouldNotTransformImage] <MESSAGE>',
        '[LocalImageUsedWrongly] <MESSAGE>',
        '[InvalidImageService] <MESSAGE>',
        '[ExpectedImage] <MESSAGE>',
        '[RemoteImageNotAllowed] <MESSAGE>',
        '[UnsupportedImageConversion] <MESSAGE>',
        'Could not find requested image `<PATH>`',
        'Could not find Sharp. Please install Sharp',
      ],
      group: 'Astro cannot process an image',
      cause: 'image_error',
      examples: [
        '[ImageNotFound] Could not find requested image `./a.png`. Does it exist?',
        '[MissingSharp] Could not find Sharp. Please install Sharp (`sharp`) manually into your project or migrate to another image service.',
      ],
    },
    env: {
      message: [
        '[EnvInvalidVariables] <MESSAGE>',
        'The following environment variables defined in `env.schema` are invalid',
      ],
      named_by: [{ when: /^- [A-Za-z_]\w{0,100} (?:is|must|has)\b/ }],
      cause: 'env_var_missing',
      examples: [
        '[EnvInvalidVariables] The following environment variables defined in `env.schema` are invalid:',
      ],
    },
    config: {
      message: [
        '[ConfigNotFound] <MESSAGE>',
        '[UnknownConfigError] <MESSAGE>',
        '[AstroUserError] <MESSAGE>',
        'Unable to load your Astro config',
        '[config] Astro found issue(s) with your configuration',
        'Astro found issue(s) with your configuration',
        '[ConfigLegacyKey] <MESSAGE>',
        '[config] Unable to load <PATH>',
      ],
      group: 'The Astro configuration is not valid',
      cause: 'config_invalid',
      docs_url: 'https://docs.astro.build/en/reference/configuration-reference/',
      examples: [
        '[config] Astro found issue(s) with your configuration:',
        '[ERROR] [config] Unable to load your Astro config',
      ],
    },
    static_paths: {
      message: [
        '[GetStaticPathsRequired] <MESSAGE>',
        '[InvalidGetStaticPathsReturn] <MESSAGE>',
        '[GetStaticPathsExpectedParams] <MESSAGE>',
        '[InvalidGetStaticPathParam] <MESSAGE>',
        '[NoMatchingStaticPathFound] <MESSAGE>',
        '[InvalidGetStaticPathsEntry] <MESSAGE>',
        '[GetStaticPathsInvalidRouteParam] <MESSAGE>',
        '`getStaticPaths()` function is required for dynamic routes',
        '[PageNumberParamNotFound] <MESSAGE>',
        '[PrerenderDynamicEndpointPathCollide] <MESSAGE>',
      ],
      group: 'getStaticPaths() is missing or returns something else than expected',
      cause: 'framework_misuse',
      examples: [
        '[GetStaticPathsRequired] `getStaticPaths()` function is required for dynamic routes.',
      ],
    },
    renderer: {
      message: [
        '[NoMatchingRenderer] <MESSAGE>',
        '[NoClientOnlyHint] <MESSAGE>',
        '[NoMatchingImport] <MESSAGE>',
        'Unable to render `<NAME>`',
        '[NoClientEntrypoint] <MESSAGE>',
        '[MdxIntegrationMissingError] <MESSAGE>',
        '[InvalidComponentArgs] <MESSAGE>',
        '[UnknownCompilerError] <MESSAGE>',
        '[CompilerError] <MESSAGE>',
        'Unable to render component',
      ],
      group: 'Astro cannot render a component',
      cause: 'template_error',
      examples: ['[NoMatchingRenderer] Unable to render `Counter`.', 'Unable to render `Counter`.'],
    },
    static_paths_failed: {
      message: 'Failed to call getStaticPaths for <PATH>',
      cause: 'framework_misuse',
      rank: 'family',
      introduces: true,
      title: 'getStaticPaths() of a page failed',
      examples: ['[ERROR] [build] Failed to call getStaticPaths for src/pages/[slug].astro'],
    },
    parameter_missing: {
      message: '^Missing parameter: <NAME>',
      group: 'Missing parameter: <NAME>',
      cause: 'framework_misuse',
      previous: /Failed to call getStaticPaths for /,
      title: 'getStaticPaths() leaves out a parameter of its route',
      docs_url: 'https://docs.astro.build/en/reference/routing-reference/#getstaticpaths',
      examples: [
        '[ERROR] [build] Failed to call getStaticPaths for src/pages/[slug].astro\nMissing parameter: slug',
      ],
    },
    content_undefined: {
      message: '[RenderUndefinedEntryError]',
      cause: 'content_invalid',
      title: 'A content entry that does not exist is rendered',
      docs_url: 'https://docs.astro.build/en/reference/errors/render-undefined-entry-error/',
      examples: ['[RenderUndefinedEntryError]', '└─ /index.html[RenderUndefinedEntryError]'],
    },
    page_undefined_name: {
      message: '^Error: <NAME> is not defined',
      needles: PAGES,
      group: 'ReferenceError: <NAME> is not defined',
      cause: 'undefined_reference',
      error_code: 'node_error',
      rank: 'family',
      when: /^Error: [\w$]{1,80} is not defined$/,
      docs_url: 'https://developer.mozilla.org/docs/Web/JavaScript/Reference/Errors/Not_defined',
      examples: ['└─ /index.htmlposts is not defined'],
    },
    page_not_a_function: {
      message: ['^Error: <NAME> is not a function', '^Error: <NAME> is not iterable'],
      needles: PAGES,
      group: 'TypeError: <NAME> is not a function',
      cause: 'javascript_api_misuse',
      error_code: 'node_error',
      rank: 'family',
      examples: ['├─ /shop/index.htmlposts.map is not a function'],
    },
    page: {
      message: '^Error: {words}',
      needles: PAGES,
      group: 'A page could not be prerendered: {words}',
      cause: 'prerender_failed',
      rank: 'family',
      examples: ['└─ /index.htmlThe shop is closed', '├─ /feed.xmlThe shop is closed'],
    },
    named: {
      message: '^[{astro}] {words}',
      needles: ['Error] ', ...NAMES_WITHOUT_ERROR],
      group: '[{astro}]',
      cause: 'framework_misuse',
      rank: 'family',
      examples: [
        '[ResponseSentError] The response has already been sent to the browser and cannot be altered.',
        '└─ /x.json[EndpointDidNotReturnAResponse] An endpoint must return either a `Response`, or a `Promise` that resolves with a `Response`.',
      ],
    },
    check_missing: {
      message: [
        'requires the following dependency to be installed',
        'requires the following dependencies to be installed',
      ],
      group: 'astro check needs @astrojs/check and typescript',
      cause: 'module_not_found',
      title: '`astro check` needs @astrojs/check and typescript',
      examples: [
        'To continue, Astro requires the following dependency to be installed: @astrojs/check.',
      ],
    },
    integration_missing: {
      message: [
        'Could not import <PACKAGE>. Is it installed',
        'Unable to locate the adapter',
        '[astro:config] <MESSAGE>',
      ],
      needles: ['[astro:config]'],
      cause: 'config_invalid',
      rank: 'family',
      examples: ['[astro:config] Could not load the configuration'],
    },
  },
})
