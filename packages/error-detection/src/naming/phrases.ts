/**
 * English phrases in which programs give reasons, with the causes they stand for. The first that
 * fits decides: what brings other failures about comes before what only follows.
 *
 * @module
 */
import type { Cause } from '../causes.ts'
import type { Phrase } from './phrase.ts'
import { REFUSALS } from './refusals.ts'

export const PHRASES: readonly Phrase[] = [
  {
    says: /\bout of memory\b|\bheap (?:out of memory|space|limit)\b|\bENOMEM\b|\bcannot allocate memory\b|\bmemory limit\b/i,
    cause: 'out_of_memory',
    examples: [
      'java.lang.OutOfMemoryError: Java heap space',
      'fatal: Out of memory, malloc failed',
    ],
  },
  {
    says: /^(?:.{0,80}\.{3} ?)?(?:Killed|Terminated)\b|\bSIGKILL\b|\bsignal 9\b|\boom-?kill/i,
    cause: 'process_killed',
    examples: ['Killed', 'process was terminated by SIGKILL'],
  },
  {
    says: /\bsegmentation fault\b|\bSIGSEGV\b|\bSIGABRT\b|\bcore dumped\b|\bBus error\b/i,
    cause: 'process_crashed',
    examples: ['Segmentation fault (core dumped)', 'child exited with SIGSEGV'],
  },
  {
    says: /\bno space left\b|\bENOSPC\b|\bdisk (?:is )?full\b|\bdisk quota\b/i,
    cause: 'disk_full',
    examples: ['write error: No space left on device', 'the disk is full'],
  },
  {
    says: /\b(?:EADDRINUSE|address already in use|port \d{1,5} is (?:already )?in use)\b/i,
    cause: 'port_in_use',
    examples: ['bind: address already in use', 'port 3000 is already in use'],
  },
  {
    says: /\b(?:self[- ]signed|certificate|SSL|TLS handshake|UNABLE_TO_VERIFY_LEAF)\b/i,
    cause: 'tls_error',
    examples: ['self-signed certificate in chain', 'SSL routines: wrong version number'],
  },
  {
    says: /\b(?:401|403|unauthori[sz]ed|forbidden|authentication (?:failed|required|error)|not authenticated|not logged in|invalid (?:token|credentials|api key)|bad credentials|access denied)\b/i,
    cause: 'authentication_failed',
    examples: ['request failed with 401 Unauthorized', 'Invalid credentials for the service'],
  },
  {
    says: /\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|could not resolve host|connection (?:refused|reset|timed out|closed)|network (?:error|is unreachable|timeout)|socket hang up|getaddrinfo|name resolution|connect timeout)\b/i,
    cause: 'network_error',
    examples: ['connect ECONNREFUSED 10.0.0.1:443', 'Could not resolve host: example.com'],
  },
  {
    says: /\b(?:429|rate limit(?:ed|ing)?|too many requests)\b/i,
    cause: 'registry_rate_limited',
    examples: ['the server answered 429', 'API rate limit exceeded'],
  },
  {
    says: /\b(?:fetch failed|failed to fetch|download failed|failed to download|(?:status|HTTP)(?: code)?:? [45]\d\d|[45]\d\d (?:Not Found|Bad Gateway|Internal Server Error|Service Unavailable))\b/i,
    cause: 'fetch_failed',
    examples: ['TypeError: fetch failed', 'got 502 Bad Gateway'],
  },
  {
    says: /\b(?:permission denied|EACCES|EPERM|operation not permitted|not permitted|read-only file system)\b/i,
    cause: 'permission_denied',
    examples: ['open /etc/x: permission denied', 'EPERM: operation not permitted, unlink'],
  },
  {
    says: /\b(?:command not found|is not recognized as an internal|executable (?:file )?not found|spawn \S{1,80} ENOENT)\b|: not found$/i,
    cause: 'command_not_found',
    examples: ['hugo: command not found', 'sh: 1: tsx: not found'],
  },
  {
    says: /\b(?:cannot|can't|could not|couldn't|unable to|failed to) (?:find|resolve|locate|load) (?:module|package|import|plugin|preset|loader|entry module|the module|dependency)\b|\bmodule not found\b|\bno module named\b|\bunresolved import\b|\bERR_MODULE_NOT_FOUND\b|\bMODULE_NOT_FOUND\b|\bfailed to resolve import\b|\bpackage .{1,100} (?:is not installed|not found)\b/i,
    cause: 'module_not_found',
    examples: ["Cannot find package 'acme'", 'unresolved import `acme`', 'no module named yaml'],
  },
  {
    says: /\b(?:is not exported|no (?:matching )?export|does not provide an export|has no exported member|doesn't export|does not export)\b/i,
    cause: 'missing_export',
    examples: ['"a" is not exported by "b.js"', "The module does not provide an export named 'x'"],
  },
  {
    says: /\b(?:environment variables?|env(?:ironment)? var\w{0,10}|\.env)\b.{0,120}\b(?:missing|required|not set|undefined|invalid|not defined)\b|\b(?:missing|required|undefined|invalid)\b.{0,60}\b(?:environment variables?|env var\w{0,10})\b/i,
    cause: 'env_var_missing',
    examples: ['Environment variable ACME_KEY is not set', 'Missing environment variables: ACME'],
  },
  {
    says: /\b(?:api ?key|secret|token|url|[A-Z][A-Z0-9]{1,30}_(?:KEY|TOKEN|SECRET|URL|ID))\b.{0,30}\b(?:is|are) (?:required|missing|not set|undefined)\b|\b\w{1,30}(?:Url|Key|Token) is required\b/i,
    cause: 'env_var_missing',
    examples: ['ACME_API_KEY is not set', 'supabaseUrl is required.'],
  },
  {
    says: /\block ?file\b.{0,120}\b(?:out of (?:date|sync)|not (?:up.to.date|in sync)|needs to be updated|would have been modified|does not match|is missing|frozen)\b/i,
    cause: 'lockfile_out_of_sync',
    examples: ['the lockfile is out of date', 'Cannot install: lockfile needs to be updated'],
  },
  {
    says: /\b(?:peer dep\w{0,10}|ERESOLVE|conflicting (?:peer )?dependenc\w{1,4}|version conflict|incompatible (?:versions?|peer)|dependency conflict)\b/i,
    cause: 'dependency_conflict',
    examples: ['conflicting dependencies were found', 'version conflict of two packages'],
  },
  {
    says: /\b(?:no matching (?:version|distribution)|could not find (?:a version|gem)|no (?:candidate )?versions? .{0,60}(?:found|match\w{0,3}|satisf\w{1,4})|version .{1,60} (?:does not exist|not found|is not available))\b/i,
    cause: 'dependency_version_not_found',
    examples: ['No matching version found', "Could not find gem 'acme'"],
  },
  {
    says: /\b(?:node(?:\.js)?|engine)\b.{0,80}\b(?:incompatible|unsupported|not supported|required|requires|does not satisfy|too old)\b|\brequires? node(?:\.js)?\b/i,
    cause: 'node_version_incompatible',
    examples: ['Node.js 18 is not supported', 'This tool requires Node.js 22 or later'],
  },
  {
    says: /\b(?:does not support|requires|required|minimum|needs).{0,40} version\b|\bversion .{1,60}\b(?:is required|or (?:higher|later|newer))\b/i,
    cause: 'tool_version_incompatible',
    examples: ['theme does not support Hugo version 0.54.0', 'version 3.2 or later is needed'],
  },
  {
    says: /\bunsupported platform\b|\bplatform .{1,60}not supported\b|\bonly supports platforms?\b|\bEBADPLATFORM\b|\bexec format error\b/i,
    cause: 'platform_unsupported',
    examples: ['Your bundle only supports platforms ["x"]', 'cannot execute: Exec format error'],
  },
  {
    says: /\b(?:database|postgres\w{0,3}|mysql|sqlite|mongo\w{0,3}|SQLITE_ERROR|migration)\b.{0,160}\b(?:failed|error|cannot|can't|not|already|exist\w{0,3}|refused|denied)\b|\btable .{1,80} already exists\b|\bno such table\b/i,
    cause: 'database_error',
    examples: ['migration 0003 failed to apply', 'no such table: users'],
  },
  {
    says: /\b(?:prerender\w{0,4}|static (?:page )?generation|collect(?:ing)? page data)\b/i,
    cause: 'prerender_failed',
    examples: ['Error while prerendering /about', 'static page generation took too long'],
  },
  {
    says: /\bsyntax ?error\b|\bunexpected (?:token|end of|character|identifier|string|number|reserved word|eof)\b|\bparse (?:error|failure)\b|\bparsing error\b|\bfailed to parse\b|\bunterminated\b|\bexpected ['"`].{1,20}['"`]|\bexperimental syntax\b|\bmerge conflict marker\b/i,
    cause: 'syntax_error',
    examples: ['Unexpected token }', 'Parse error: unterminated string', "expected ';' before x"],
  },
  {
    says: /\btype error\b|\bis not assignable to\b|\berror TS\d{4,5}\b|\bproperty .{1,100} does not exist on type\b|\bimplicitly has an 'any' type\b|\bmismatched types\b|\bincompatible types?\b/i,
    cause: 'type_error',
    examples: ["Type 'string' is not assignable to type 'number'", 'mismatched types'],
  },
  {
    says: /\b(?:is not defined|undefined (?:variable|symbol|reference|method|function|name)|not defined|cannot read propert\w{1,3}|is not a function|undeclared|cannot find name|unknown (?:variable|identifier|symbol))\b/i,
    cause: 'undefined_reference',
    examples: ['window is not defined', "Cannot read properties of undefined (reading 'a')"],
  },
  {
    says: /\b(?:already been declared|redeclar\w{2,6}|redefinition|already defined)\b/i,
    cause: 'syntax_error',
    examples: ['The symbol "a" has already been declared', 'redefinition of main'],
  },
  {
    says: /\b(?:tests? failed|failing tests?|assertion ?(?:error|failed)|snapshot\b.{0,40}\bfailed|expected .{1,100} to (?:deeply )?(?:equal|match))\b/i,
    cause: 'test_failed',
    examples: ['3 tests failed', 'AssertionError: expected 1 to equal 2'],
  },
  {
    says: /\b(?:eslint|lint(?:ing)?)\b.{0,80}\b(?:failed|errors?|must be)\b|\bcode style issues\b/i,
    cause: 'lint_error',
    examples: ['lint failed with errors', 'ESLint found errors in the project'],
  },
  {
    says: /\b(?:output|publish|public|build|deploy|assets?) (?:dir(?:ectory)?|folder)\b.{0,200}\b(?:not found|missing|does not exist|doesn't exist|empty)\b|\bno output directory\b/i,
    cause: 'output_directory_not_found',
    examples: ['the output directory "dist" was not found', 'Publish directory public is missing'],
  },
  {
    says: /\b(?:missing script|script not found|no script|unknown script)\b/i,
    cause: 'script_missing',
    examples: ['Missing script: "build"', 'script not found "deploy"'],
  },
  {
    says: /\b(?:unknown|unrecogni[sz]ed|invalid|unexpected|missing required) (?:command|option|argument|flag|arg|subcommand)s?\b|\bunknown flag\b|\btoo many arguments\b/i,
    cause: 'invalid_command',
    examples: ['unknown flag: --debug', 'unrecognized option --foo'],
  },
  {
    says: /\b(?:tsconfig|config(?:uration)?(?: file)?|settings?|manifest|package\.json|wrangler\.\w{3,5}|\.ya?ml|\.toml)\b.{0,200}\b(?:invalid|unknown|unexpected|not supported|does not support|must|missing|cannot|could not|failed|required|error)\b|\b(?:invalid|unknown|unexpected|unsupported|missing)\b.{0,60}\b(?:config\w{0,10}|option|setting|field|property|key|value|name)\b|\bno name provided\b/i,
    cause: 'config_invalid',
    examples: ['Invalid configuration object', 'Configuration does not support "build"'],
  },
  {
    says: /\b(?:no such file|ENOENT|file (?:or directory )?(?:not found|does not exist|could not be found)|cannot (?:find|open|stat) (?:the )?(?:file|cwd|path|directory)|could not (?:find|open|read|load) (?:file|\/|\.)|directory .{0,200}(?:does not exist|not found)|missing file)\b|\b(?:file|path|directory|folder)\b.{0,200}\b(?:does not exist|not found|doesn't exist)\b/i,
    cause: 'file_not_found',
    examples: ["ENOENT: no such file or directory, open 'a'", 'Base directory does not exist: /x'],
  },
  {
    says: /\b(?:too large|exceed(?:s|ed)? (?:the )?(?:size|maximum|limit)|size limit|over the limit)\b/i,
    cause: 'budget_exceeded',
    examples: ['bundle exceeded maximum budget', 'the result is over the limit'],
  },
  {
    says: /\b(?:timed? ?out|timeout|took too long|deadline exceeded)\b/i,
    cause: 'timed_out',
    examples: ['the step timed out after 60s', 'context deadline exceeded'],
  },
  {
    says: /\b(?:template|shortcode|layout|partial)\b.{0,200}\b(?:failed|error|not found|undefined|missing)\b/i,
    cause: 'template_error',
    examples: ['template "a" not found', 'execute of layout failed'],
  },
  {
    says: /\b(?:(?:can't|cannot|could not|couldn't|unable to|failed to) (?:find|locate|read|open|load|resolve)|no such)\b.{0,120}(?:\w\/[\w.]|[\w-]\.[a-z]{2,5}\b)|(?:\w\/[\w.]|[\w-]\.[a-z]{2,5}\b).{0,120}\b(?:not found|(?:does not|doesn't) exist|could not be (?:found|loaded|resolved))\b/i,
    cause: 'file_not_found',
    examples: ["Can't find server-files.json in the folder", 'src/a.css could not be found'],
  },
  {
    says: /\b(?:not found|could not (?:be )?(?:find|found|load|loaded|resolved?)|cannot (?:find|resolve|load)|unable to (?:find|locate|resolve|load)|does not exist|doesn't exist|no such)\b/i,
    cause: 'resource_not_found',
    examples: ['Could not load the icon set', 'the layout it uses does not exist'],
  },
  {
    says: /\b(?:cannot|can't|can ?not) (?:use|be used|mix|combine)\b|\bnot allowed\b|\bmust (?:be|not|have|export|return)\b/i,
    cause: 'framework_misuse',
    examples: ['cannot use both a and b on one page', 'a layout must export a component'],
  },
  {
    says: /\bfailed to upload\b|\bupload (?:failed|error)\b/i,
    cause: 'asset_upload_failed',
    examples: ['Failed to upload logo.png', 'upload failed after 3 tries'],
  },
  {
    says: /\b(?:failed|failure|error while|unable|could not|cannot) (?:to )?install(?:ing)?\b/i,
    cause: 'tools_or_dependencies_failed',
    examples: ['Error while installing dependencies in x', 'Failed to install gems'],
  },
  {
    says: /^[A-Z][A-Z0-9]{0,30}_[A-Z0-9_]{1,60} (?:is|was) (?:not set|missing|required|undefined|empty)\b|\bmissing (?:required )?variables?\b|\bvariables? .{1,200}\b(?:missing|not set|required)\b/i,
    cause: 'env_var_missing',
    examples: ['Missing required variables: ACME_URL', 'the variable ACME is not set'],
  },
  {
    says: /\bunknown (?:type|field|argument|class|rule|utility|property)\b/i,
    cause: 'undefined_reference',
    examples: ['Unknown type "Post"', 'Unknown utility class of a sheet'],
  },
  {
    says: /\b(?:can't|couldn't|failed to) (?:find|locate)\b/i,
    cause: 'resource_not_found',
    examples: ['we failed to find it'],
  },
  {
    says: /\b(?:can't|cannot|could not|couldn't|unable to|failed to) (?:read|open|load|stat)\b/i,
    cause: 'file_not_found',
    examples: ['we failed to open it'],
  },
  {
    says: /\b(?:terminated unexpectedly|crashed|internal (?:compiler )?error|panicked?|this is a bug)\b/i,
    cause: 'process_crashed',
    examples: ['The CLI has terminated unexpectedly', 'thread main panicked at x'],
  },
  {
    says: /\b(?:invalid|unsupported|not supported|unknown target|unexpected|not valid|illegal)\b/i,
    cause: 'config_invalid',
    examples: ["Invalid filename 'a?.b'", 'the target is not supported'],
  },
  ...REFUSALS,
  {
    says: /^(?:\w{1,60}\.){0,6}\w{0,60}(?:Error|Exception)(?: \[\w{1,60}\])?:/,
    cause: 'exception',
    examples: ['QuillError: the feather is bent', 'java.lang.IllegalStateException: no'],
  },
]

/** The cause that the words of `message` speak of; undefined when they speak of none. */
export function causeOfWords(message: string): Cause | undefined {
  return PHRASES.find(({ says }) => says.test(message))?.cause
}
