import { defineTool } from '../signature.ts'

export const jekyll = defineTool({
  name: 'Jekyll',
  error_code: 'jekyll_error',
  docs_url: 'https://jekyllrb.com/docs/troubleshooting/',
  signatures: {
    dependency: {
      message: ['Dependency Error: Yikes!', 'Missing dependency: <NAME>', 'Dependency Error:'],
      cause: 'dependency_not_found',
      title: 'Jekyll lacks a gem',
      fix: 'Add the gem to the Gemfile and commit Gemfile.lock.',
      examples: [
        "  Dependency Error: Yikes! It looks like you don't have jekyll-sitemap or one of its dependencies installed.",
      ],
    },
    theme: {
      message: ['The <NAME> theme could not be found', 'theme could not be found'],
      needles: ['theme could not be found'],
      group: 'The theme could not be found',
      cause: 'theme_not_found',
      examples: ['jekyll 4.3.2 | Error:  The minima theme could not be found.'],
    },
    liquid: {
      message: ['Liquid Exception: {words}', 'Liquid Error: {words}', 'Liquid syntax error'],
      needles: ['Liquid Exception', 'Liquid Error', 'Liquid syntax error'],
      unless: /Liquid Warning/,
      group: 'Liquid Exception: {words}',
      cause: 'template_error',
      examples: [
        "  Liquid Exception: Liquid syntax error (line 3): Unknown tag 'foo' in index.html",
        "Liquid Exception: Could not locate the included file 'x.html' in any of",
      ],
    },
    date: {
      message: ["Invalid Date: '<DATE>' is not a valid datetime"],
      cause: 'content_invalid',
      examples: [
        "ERROR: YOUR SITE COULD NOT BE BUILT: Invalid Date: 'tomorrow' is not a valid datetime.",
      ],
    },
    yaml: {
      message: [
        'Error: (<PATH>): {words}',
        'YAML Exception reading <PATH>',
        'Invalid YAML front matter',
        'Error reading file <PATH>',
      ],
      needles: [
        'YAML Exception reading',
        'Invalid YAML front matter',
        'Error reading file ',
        'Error:  (',
      ],
      group: 'YAML Exception reading <PATH>',
      cause: 'content_invalid',
      rank: 'family',
      examples: [
        '             Error: YAML Exception reading /opt/buildhome/repo/_posts/a.md: (<unknown>): could not find expected',
      ],
    },
    conversion: {
      message: ['Conversion error: <CONVERTER> encountered an error', 'Conversion error:'],
      cause: 'css_error',
      title: 'Jekyll could not convert a file',
      examples: [
        "  Conversion error: Jekyll::Converters::Scss encountered an error while converting 'assets/css/style.scss':",
      ],
    },
    ruby_removed: {
      message: [
        "undefined method `tainted?'",
        "undefined method 'tainted?'",
        'cannot load such file -- webrick',
        "undefined method `untaint'",
      ],
      group: 'Jekyll is too old for this Ruby',
      cause: 'ruby_version_incompatible',
      title: 'Jekyll is too old for this version of Ruby',
      examples: [
        "Liquid Exception: undefined method `tainted?' for an instance of String in /_layouts/default.html",
      ],
    },
    could_not_be_built: {
      message: ['jekyll <VERSION> | Error: {words}', 'YOUR SITE COULD NOT BE BUILT'],
      needles: ['| Error:', 'YOUR SITE COULD NOT BE BUILT'],
      group: 'jekyll | Error: {words}',
      cause: 'template_error',
      rank: 'family',
      examples: ['jekyll 4.3.2 | Error:  No such file or directory @ rb_sysopen - a.md'],
    },
  },
})
