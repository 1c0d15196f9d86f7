/**
 * How modules are called that no one commits: a generator writes them before the build. A message
 * about one of them is about the generator that has not run.
 */
export const GENERATED =
  /(?:^|[/.'"@_-])(?:generated|__generated__|gen)[/'".]|\.prisma\/client|styled-system\/|\.velite|\.contentlayer|contentlayer\/generated|routeTree\.gen|paraglide\/|\.svelte-kit\/|\.nuxt\/|\/\$types['"]|_generated\//

/** What such a failure is, whichever tool finds it. */
export const NOT_GENERATED = {
  cause: 'client_not_generated',
  title: 'Generated code is missing: its generator has not run',
  fix: 'Run the generator of the module that this line names before the build, in the build command or in a postinstall script: `prisma generate` for Prisma, and likewise `graphql-codegen`, `wrangler types`, `svelte-kit sync`, `panda codegen`. If you wrote the module yourself, check that it is committed.',
} as const
