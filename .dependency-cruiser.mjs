/** Who may import whom: `pnpm check:dependencies` holds every import, those of types too, against it. */
const forbid = (name, from, to) => ({ name, severity: 'error', from, to })

export default {
  forbidden: [
    // Apps stand on packages, and the suites of integration on both.
    forbid('packages-import-no-app', { path: '^packages/' }, { path: '^(apps|integration)/' }),
    // local puts the whole system together, the list of tools is for image and runner, and of the
    // runner a host takes the program as one file.
    forbid(
      'apps-import-no-other-app',
      { path: '^apps/([^/]+)/', pathNot: '^apps/local/' },
      {
        path: '^(apps|integration)/',
        pathNot: [
          '^apps/$1/',
          '^apps/build-image/tools\\.json$',
          '^apps/build-runner/src/bundle-runner\\.ts$',
        ],
      },
    ),
    forbid('no-circle', {}, { circular: true }),
    // The engine knows no tool: what is known of them is handed in.
    forbid(
      'engine-knows-no-tool',
      { path: '^packages/error-detection/src/engine/', pathNot: '\\.spec\\.ts$' },
      { path: '^packages/error-detection/src/(signatures/|knowledge\\.ts)' },
    ),
    // By its name, which its package.json declares, and never by a path into it.
    forbid(
      'others-by-name',
      { path: '^((apps|packages)/[^/]+)/' },
      { path: '^(apps|packages)/', pathNot: '^$1/', dependencyTypes: ['local'] },
    ),
    // An import of what package.json does not declare finds nothing either. workerd brings its own
    // modules, and the other package named holds types alone.
    forbid(
      'exists',
      {},
      { couldNotResolve: true, pathNot: '^(cloudflare:|@octokit/webhooks-types$)' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true, // types too
    doNotFollow: 'node_modules',
    exclude: '(^|/)(node_modules|dist|fixtures|demo-project)/',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
}
