import { defineTool } from '../signature.ts'

/** PHP and Composer. */
export const php = defineTool({
  name: 'PHP',
  error_code: 'php_error',
  docs_url: 'https://getcomposer.org/doc/articles/troubleshooting.md',
  signatures: {
    php: {
      message: [
        'PHP Fatal error: {words}',
        'PHP Parse error: {words}',
        'Fatal error: Uncaught <CLASS>',
        'Fatal error: Allowed memory size of',
      ],
      needles: ['PHP Fatal error', 'PHP Parse error', 'Fatal error: '],
      group: 'PHP Fatal error',
      cause: 'exception',
      rank: 'family',
      docs_url: 'https://www.php.net/manual/en/errorfunc.constants.php',
      examples: [
        'PHP Fatal error:  Uncaught Error: Class "X" not found in /opt/buildhome/repo/a.php:3',
        'PHP Parse error:  syntax error, unexpected token ";" in a.php on line 3',
      ],
    },
    composer: {
      message: [
        'Your requirements could not be resolved to an installable set of packages',
        'Your lock file does not contain a compatible set of packages',
        'Composer could not find a composer.json file in',
        'The lock file is not up to date with the latest changes in composer.json',
        'it is missing from your system. Install or enable PHP',
        'Root composer.json requires PHP',
        'Your Composer dependencies require a PHP version',
        'Could not find package <PACKAGE>',
        'Class "<CLASS>" not found in',
      ],
      needles: [
        'could not be resolved to an installable',
        'does not contain a compatible set',
        'could not find a composer.json',
        'with the latest changes in composer.json',
        'is missing from your system. Install or',
        'Root composer.json requires',
        'Your Composer dependencies require',
      ],
      unless: /^Warning/,
      group: 'Composer could not resolve the requirements',
      cause: 'dependency_conflict',
      title: 'Composer could not install the requirements',
      examples: [
        'Your requirements could not be resolved to an installable set of packages.',
        'Your Composer dependencies require a PHP version ">= 8.2.0". You are running 8.1.2.',
      ],
    },
  },
})
