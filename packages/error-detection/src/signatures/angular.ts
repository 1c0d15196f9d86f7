import { defineTool } from '../signature.ts'

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
    options: {
      message: [
        'path in file replacements does not exist',
        "'outputPath.browser' cannot be configured",
        'The "server" option is required when',
        'The "ssr.entry" option is required when',
        'The "index" option cannot be set to false when',
        'Output path MUST not be project root directory',
        'It appears that "@angular/core" is missing as a dependency',
        "Requested locale '<LOCALE>' is not defined for the project",
        "Error parsing translation file '<FILE>'",
        'Failed to read index HTML file "<FILE>"',
        'Workspace config file cannot be loaded',
        'A workspace is required for this command',
        'The current version of "@angular/build" supports Angular versions',
        'An asset cannot be written to a location outside of the output path',
        'Could not find a <NAME> workspace. Are you in a project',
        '^The <PATH> asset path must start with the project source root',
      ],
      group: 'The options of the Angular build are not valid',
      cause: 'config_invalid',
      examples: [
        'An unhandled exception occurred: The src/environments/environment.prod.ts path in file replacements does not exist.',
        'Error: It appears that "@angular/core" is missing as a dependency. Please ensure it is included in your project.',
        'Failed to read index HTML file "src/index.html".',
      ],
    },
  },
})
