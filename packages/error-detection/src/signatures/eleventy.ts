import { defineTool } from '../signature.ts'

export const eleventy = defineTool({
  name: 'Eleventy',
  error_code: 'eleventy_error',
  docs_url: 'https://www.11ty.dev/docs/debugging/',
  signatures: {
    template: {
      message: [
        'Having trouble rendering <KIND> template <PATH>',
        'Having trouble compiling template <PATH>',
        'Problem writing Eleventy templates',
        'Having trouble writing to',
        '(via TemplateContentRenderError)',
        '(via TemplateContentCompileError)',
        '(via Template render error)',
        'TemplateContentUnrenderedTemplateError',
        'Template render error: {words}',
        '(via TemplateWriterWriteError)',
        '(via EleventyShortcodeError)',
        '(via TemplateContentFrontMatterError)',
        'TemplateDataParseError',
        'Having trouble parsing data file',
        'Having trouble reading front matter',
      ],
      needles: [
        'Having trouble ',
        'Problem writing Eleventy',
        '(via Template',
        'Template render error',
        '(via Eleventy',
      ],
      group: 'Problem writing Eleventy templates',
      cause: 'template_error',
      examples: [
        '[11ty] 1. Having trouble rendering njk template ./src/index.njk (via TemplateContentRenderError)',
        '[11ty] Problem writing Eleventy templates:',
      ],
    },
    duplicate_output: {
      message: [
        'Output conflict: multiple input files are writing to',
        '(via DuplicatePermalinkOutputError)',
      ],
      cause: 'duplicate_output',
      examples: [
        '[11ty] Output conflict: multiple input files are writing to `./_site/index.html`. Use distinct `permalink` values to resolve this conflict. (via DuplicatePermalinkOutputError)',
      ],
    },
    config: {
      message: [
        'Eleventy CLI Fatal Error',
        'Eleventy Fatal Error',
        'Error in your Eleventy config file',
        '(via EleventyConfigError)',
        'Eleventy CLI Error',
        'Plugin Error',
        '(via EleventyPluginError)',
      ],
      needles: [
        'Eleventy CLI Fatal',
        'Eleventy Fatal',
        'in your Eleventy config',
        '(via EleventyConfigError)',
        'Eleventy CLI Error',
        '(via EleventyPluginError)',
      ],
      group: 'Error in your Eleventy config file',
      cause: 'config_invalid',
      rank: 'family',
      examples: [
        '[11ty] Eleventy CLI Fatal Error: (more in DEBUG output)',
        "[11ty] 1. Error in your Eleventy config file '.eleventy.js'. (via EleventyConfigError)",
      ],
    },
  },
})
