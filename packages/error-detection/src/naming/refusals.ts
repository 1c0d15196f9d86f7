/**
 * Phrases in which programs say what they do not take, and operations that did not succeed. They are
 * broader than those of `phrases.ts`, which are asked first: what is wrong is on the line itself, and
 * these say of what kind it is.
 *
 * @module
 */
import type { Phrase } from './phrase.ts'

export const REFUSALS: readonly Phrase[] = [
  {
    says: /\b(?:integrity|checksums?|attestations?|signatures?|digest|provenance|public key|fingerprint)\b.{0,120}\b(?:mismatch|(?:does|do|did)(?:n't| not) match|invalid|failed|expired|missing|not (?:be )?verified|could not|cannot|unsigned|requires?)\b|\b(?:failed|unable|could not|cannot) (?:to )?verify\b|\bsigstore\b|\bfailed verification\b|\btrust downgrade\b/i,
    cause: 'integrity_mismatch',
    examples: ['the integrity of acme does not match', 'acme failed to verify its attestation'],
  },
  {
    says: /\brequires? (?:additional )?authentication\b|\b(?:requires? you|need|have) to be (?:logged in|authori[sz]ed)\b|\b(?:do|does) not have (?:the )?(?:permissions?|access)\b|\b(?:missing|incorrect) permissions?\b|\bpermissions? to\b|\b(?:authentication|authorization|login) (?:issue|error|was|is|required)\b|\bcredentials?\b.{0,40}\b(?:failed|missing|not|invalid)\b|\b(?:failed|unable) to (?:log ?in|authenticate)\b|\bnot authori[sz]ed\b|\bone-time password\b|\btwo-factor\b|\bOTP\b|\bNot signed in\b/i,
    cause: 'authentication_failed',
    examples: ['This command requires you to be logged in.', 'You do not have permission to do it'],
  },
  {
    says: /\bin(?:to)? your \$?PATH\b|\bto your \$?PATH\b/,
    cause: 'command_not_found',
    examples: ["Install it and ensure it's in your PATH.", 'Add /a to your $PATH'],
  },
  {
    says: /\bset the \S{1,60} environment variable\b|\bunexpanded environment variable\b/i,
    cause: 'env_var_missing',
    examples: [
      'Set the BROWSER environment variable first',
      'it has an unexpanded environment variable',
    ],
  },
  {
    says: /\bnot to run on node\b/i,
    cause: 'node_version_incompatible',
    examples: ['it is known not to run on Node.js 12'],
  },
  {
    says: /\bin a reasonable time\b|\btook too long\b/i,
    cause: 'timed_out',
    examples: ["Couldn't acquire a lock in a reasonable time"],
  },
  {
    says: /\bno (?:lock ?file|package-lock\.json)\b|\b(?:existing|without an?) (?:lock ?file|package-lock\.json)\b|\block ?file\b.{0,80}\b(?:is missing|not found|does not exist|is required)\b/i,
    cause: 'lockfile_missing',
    examples: ['No lockfile in directory "/x".', 'it requires existing package-lock.json file'],
  },
  {
    says: /\block ?file\b.{0,160}\b(?:outdated|no entry|differs?|not (?:be )?(?:match|satisfy|installed))|\b(?:outdated|stale) lock ?file\b|\bout of sync with (?:the|your) lock ?file\b/i,
    cause: 'lockfile_out_of_sync',
    examples: ['the lockfile in /x is outdated', 'lockfile has no entry for acme'],
  },
  {
    says: /\block ?file\b.{0,160}\b(?:broken|corrupt\w{0,3}|malformed|invalid|unreadable|incompatible|unknown)\b|\b(?:broken|corrupt\w{0,3}|invalid|unreadable) lock ?file\b/i,
    cause: 'lockfile_incompatible',
    examples: ['Broken lockfile: it has two roots', 'the lockfile is corrupted'],
  },
  {
    says: /\bno longer (?:supported|lives?|exists?|available|needed|an?)\b|\b(?:has|have|was|were) (?:been )?(?:removed|renamed|moved|replaced|deprecated)\b|\b(?:is|are) (?:removed|deprecated)\b|\bmoved (?:from|to)\b|\b(?:not|isn't) compatible\b|\bincompatible\b|\bunsupported version\b|\btoo old\b|\boutdated\b|\bversions? mismatch\b|\b(?:upgrade|update) (?:to|your)\b/i,
    cause: 'tool_version_incompatible',
    examples: [
      '`acme` has been removed. Use `quill` instead',
      'the plugin is not compatible with it',
    ],
  },
  {
    says: /\b(?:could not|couldn't|failed to|unable to) (?:import|resolve|require)\b/i,
    cause: 'module_not_found',
    examples: ['Failed to resolve acme from /a', 'Could not import acme'],
  },
  {
    says: /\b(?:error|problem) (?:while )?installing\b|\bcould not be installed\b|\bnot (?:be )?installed\b.{0,40}\bautomatically\b/i,
    cause: 'tools_or_dependencies_failed',
    examples: ['Error installing what it needs', 'acme could not be installed in /a'],
  },
  {
    says: /\b(?:exited|terminated) (?:unexpectedly|before)\b|\bfailed to spawn\b|\bprocess terminated\b|\bsignal ["']?SIG/i,
    cause: 'process_crashed',
    examples: ['the child exited unexpectedly', 'Process a failed to spawn'],
  },
  {
    says: /\btype[- ]?check\w{0,3} failed\b/i,
    cause: 'type_error',
    examples: ['Type check failed in 3 files'],
  },
  {
    says: /\b(?:unable to|could not|error while|error) (?:render|hydrat)\w{0,4}\b|\bwhile rendering\b/i,
    cause: 'prerender_failed',
    examples: ['Unable to render the page', 'an error while rendering it'],
  },
  {
    says: /\bseems? (?:to be )?missing\b|\b(?:isn't|is not|are not|aren't|none was|to be) installed\b|\bplease install\b|\binstall (?:it|them) (?:first|with|by)\b/i,
    cause: 'module_not_found',
    examples: ['`acme` seems missing.', 'quill is not installed here'],
  },
  {
    says: /\b(?:could not|couldn't|cannot|can't|unable to|failed to|failed|error|error while) (?:fetch\w{0,3}|reach|download\w{0,3}|(?:re)?connect\w{0,3}|retriev\w{1,3}|contact|poll\w{0,3}|query\w{0,3}|list\w{0,3})\b|\b(?:connection|socket|server|transport|tunnel|session)\b.{0,80}\b(?:closed|disconnected|dropped|lost|unavailable|not (?:available|running))\b|\brequests?\b.{0,60}\bfailed\b|\b(?:responded|replied|failed) with (?:status |code )?\d|\b(?:fetch|proxy|upstream|response|registry|API) (?:error|failed|failure)\b|\bunexpected (?:status|response)\b|\bstatus (?:code |was )?\d|\bregistry (?:failed|returned|did)\b/i,
    cause: 'fetch_failed',
    examples: ['Could not fetch the latest of it', 'the endpoint responded with 500: no'],
  },
  {
    says: /\b(?:reached|exceeds?|over) (?:the |your )?(?:maximum|limit|quota)\b|\btoo many\b|\blimits? .{0,60}\bto \d|\bquota\b|\bpaid plan\b/i,
    cause: 'plan_limit_reached',
    examples: ['You have reached the maximum number of them', 'Too many rules were given'],
  },
  {
    says: /\b(?:ws|web ?socket|proxy|CORS|connection|HTTP) (?:\w{1,20} ){0,2}error\b|\b(?:web ?socket|connection)\b.{0,40}\b(?:closed|not open)\b|\bHTTP \d{1,3}\b/i,
    cause: 'fetch_failed',
    examples: ['http proxy error: /a', 'Login failed (HTTP 503)'],
  },
  {
    says: /\b(?:image|SVG|font) (?:\w{1,20} )?(?:processing|optimi[sz]ation|response|service|request|generation)\b|\b(?:generat|process|optimi[sz]|decod)\w{1,4} (?:an? |the )?(?:image|SVG|picture)\b/i,
    cause: 'image_error',
    examples: ['Could not process image request', 'Error generating image for acme'],
  },
  {
    says: /\bdocker\b.{0,80}\b(?:exited|failed|not running|error|cannot|could not)\b|\bcontainer image\b/i,
    cause: 'container_build_failed',
    examples: ['Docker build exited with code: 1', 'the Docker daemon is not running'],
  },
  {
    says: /\b(?:error|could not|couldn't|failed to|cannot) upload(?:ing)?\b/i,
    cause: 'asset_upload_failed',
    examples: ['Error uploading "logo.png"', "Couldn't upload file: acme"],
  },
  {
    says: /\bencountered (?:uncached|runtime|URL|dynamic|`)|\bstatic shell\b|\brendered statically\b|\binstant (?:navigation|validation)\b|\brender\w{0,3} (?:the |a |its )?(?:error )?page\b|\bgenerateStaticParams\b|\berror (?:while )?(?:pre)?rendering\b/i,
    cause: 'prerender_failed',
    examples: ['the framework encountered uncached data in it', 'Error rendering /a.html: no'],
  },
  {
    says: /\bquarantined\b|\bimmature\b|\bminimum release age\b/i,
    cause: 'release_age_blocked',
    examples: ['All versions of it are quarantined', 'the immature version was not approved'],
  },
  {
    says: /\bnot (?:readable|writable|writeable|executable)\b/i,
    cause: 'permission_denied',
    examples: ['The file "a" is not readable.', 'the build directory is not writeable'],
  },
  {
    says: /\b(?:denied access|blocked|access (?:is )?denied|refus(?:es|ed|ing) to|escapes?\b.{0,40}\b(?:root|folder|directory|jail|project)|outside (?:of )?(?:the|its) (?:project|workspace|root|output|package))\b/i,
    cause: 'permission_denied',
    examples: [
      'Refusing to delete a folder of others',
      'the patch resolves outside the project root',
    ],
  },
  {
    says: /\b(?:could not|couldn't|cannot|can't|unable to|failed to|fails to|error while|error|failed) (?:be )?(?:writ\w{1,4}|read(?:ing)?|creat\w{1,3} (?:the |a )?(?:file|dir\w{0,6}|folder|symlink|link)|copy(?:ing)?|renam\w{1,3}|delet\w{1,3}|remov\w{1,3}|mov\w{1,3}|(?:sym|un)?link\w{0,3}|open\w{0,3}|sav\w{1,3}|stat|extract\w{0,3}|unpack\w{0,3})\b|\b(?:not a directory|is a directory|directory not empty|file exists|symlink|symbolic link|bad file descriptor|not a file|expected a file)\b/i,
    cause: 'file_system_error',
    examples: ['Failed to write acme.json', 'acme: directory not empty'],
  },
  {
    says: /\b(?:could not|couldn't|cannot|can't|unable to|failed to|error while|error|failed) (?:be )?(?:pars\w{1,3}|(?:de)?seriali[sz]\w{1,3}|(?:de|en)cod\w{1,3}|stringif\w{1,4}|tokeni[sz]\w{1,3}|compil\w{1,3}|transform\w{0,3})\b|\bpars(?:e|er|ing) (?:failed|state|of)\b|\b(?:malformed|truncated|unclosed|unbalanced|unterminated)\b|\b(?:not|isn't) (?:a )?(?:valid )?(?:JSON|YAML|TOML|XML|HTML|regular expression|serializable)\b|\binvalid (?:escape|syntax|character|regular expression|regexp|token|assignment|left-hand side)\b|\bunrecogni[sz]ed (?:token|node|syntax|character)\b|\b(?:transform|compilation|parse) (?:failed|error)\b|\bredeclared?\b|\b(?:reserved|contextual) (?:word|keyword|name|identifier)\b|\b(?:as an identifier|strict mode|octal literal|rest pattern|optional chain|private name|arrow function|async function|generator function|top-level await)\b|\bhere:$/i,
    cause: 'syntax_error',
    examples: ['Could not parse row "a" of the table', 'Malformed entry'],
  },
  {
    says: /\bworkspaces?\b.{0,120}\b(?:not|no|must|should|cannot|only|missing|outside|expects?|invalid)\b|\b(?:not|no|cannot|only|duplicate|unknown)\b.{0,80}\bworkspaces?\b|\bno (?:\w{1,20} )?(?:packages?|projects?) (?:were |was )?(?:found|matched|selected)\b/i,
    cause: 'workspace_error',
    examples: ['workspaces should be an array', 'No workspace packages were selected'],
  },
  {
    says: /(?:^|[\s(`'"[])--[a-z][\w-]{1,40}|\b(?:positional|sub-?commands?|arguments?|args|flags?|options? object)\b.{0,80}\b(?:required|missing|only|cannot|can't|must|not|unknown|expects?|invalid|multiple|specif\w{1,4}|requires?|too many|should)\b|\b(?:expects?|too many|too few|missing|unknown|unrecogni[sz]ed|extra|requires?|needs?|multiple|specify) (?:\w{1,20} )?(?:positional|sub-?commands?|arguments?|args|flags?)\b|\b(?:must|please|need to|have to|should) (?:provide|specify|supply|give|pass|select|choose|enter)\b|\b(?:can't|cannot|must not|can only) (?:specify|provide|supply|pass)\b|\bUsage: |\bspecify an? \w/i,
    cause: 'invalid_command',
    examples: ['--table is required for sinks', 'This needs two arguments'],
  },
  {
    says: /\bmissing (?:required )?(?:<|command|version|target|parameter|value|path)|\b(?:names?|ids?|versions?|scope|users?|command|query|keys?|packages?|spec|urls?|email|values?|parameters?|target|destination)(?: \w{1,20}){0,4} (?:is|are) required\b|\brequires (?:a|an|the) \S{1,40}(?: \S{1,40})?(?: name| id| key| version| value)\b|\bno (?:input|commands?|target|name|ids?|package names?|files?|arguments?) (?:was |were )?(?:provided|given|specified|supplied|passed)\b|\bthis command\b|\b(?:commands?|script)\b.{0,60}\b(?:hidden|unknown|not recogni[sz]ed|not exist)\b|\b(?:an?|in) (?:non-)?interactive\b/i,
    cause: 'invalid_command',
    examples: ['You must provide a username', 'This command is not'],
  },
  {
    says: /\b(?:conflicts?|conflicting|collid\w{1,3}|collisions?|duplicated?|duplicates|ambiguous|mutually exclusive|simultaneously|overlap\w{0,4}|straddles)\b|\balready\b|\bmultiple\b.{0,80}\b(?:found|match\w{0,3}|with|are|contents?|exist|defined)\b|\b(?:only one|more than one|at most one|exactly one|not both)\b|\bcannot both\b|\bboth\b.{0,100}\band\b|\bin both\b|\bsame (?:name|path|slug|id|file|key|specificity)\b|\bmust be unique\b|\b(?:circular|cyclic|cycles?)\b|\bmatches (?:both|multiple|more)\b|\bdifferent\b|\bdiffers?\b|\bdisagree\b|\binconsistent\b|\bis not empty\b|\bnot clean\b|\bchanged while\b|\bmixes\b|\bidentical\b|\bconfigured but\b|\banother \S{1,40}(?: \S{1,40})? (?:is|process|server)\b|\brace condition\b/i,
    cause: 'conflict',
    examples: [
      'Configuration conflict.',
      'Found multiple files with that name',
      'the queue already is',
    ],
  },
  {
    says: /\b(?:should|has to|have to|needs? to|expects?|expected|accepts?) (?:be|have|contain|include|start|begin|end|match|point|only|at least|one of|an?|to be|either|not|the|all|no|same|integer|exactly|resolve|return|\w{1,20},? (?:but )?(?:got|received))\b|\bmust (?:be|not|have|match|start|end|begin|contain|include|point|use|also|only|only be|specify|define|set|come|end in|exist|consist|refer|live|appear)\b|\b(?:is|are|was|isn't|aren't) (?:not )?(?:an? |the )?(?:\w{1,20} ){0,2}(?:valid|recogni[sz]ed|reserved|malformed|out of (?:bounds|range)|too (?:long|short|large|small|big|many))\b|\b(?:but|instead) (?:got|received|found|was)\b|\b(?:got|received|found|saw):? ["'`\d]|\bunrecogni[sz]ed\b|\b(?:bad|wrong|illegal|incorrect|improper|unhandled|misconfigur\w{1,6}|unknown) \w|\bvalidation failed\b|\binstead of an?\b/i,
    cause: 'config_invalid',
    examples: ['base should be a URL', 'it expects an integer'],
  },
  {
    says: /\bmay not (?:start|end|contain|have|be)\b|\bdid you (?:mean|forget)\b|\bmore than \d|\blimit is\b|\b(?:is not|isn't) (?:exact|semver)\b|\b(?:does|did)(?:n't| not) satisfy\b|\bexpects?\b|\bempty array\b|\b(?:cannot|can't) be (?:`|'|"|one|set to)|\bmust \w|\bvalid \w{1,30} (?:\w{1,30} )?(?:values?|shape|keys?|types?) (?:is|are)\b|\bnon-(?:string|object|function|supported|array)\b|\b(?:entry|value|it|field|key|setting) is an? (?:string|object|number|array|function)\b|\bshould \w|\bout of (?:bounds|range)\b|\bmismatch\w{0,4}\b|\b(?:in|to be|not) lower ?case\b|\bexpected\b|\b(?:exceeds?|exceeded|longer than|larger than|greater than|less than|between \S{1,20} and)\b|\b(?:specified|provided)\b.{0,80}\b(?:should|but)\b|\bcannot be (?:empty|blank|null|negative|zero)\b/i,
    cause: 'config_invalid',
    examples: ['acme is not a valid name', 'Unrecognized acme'],
  },
  {
    says: /\b(?:cannot|can't|can not|must not|should not|shouldn't|may not|do not|don't|can only|may only|won't|will not|never) (?:(?:deep|ad-hoc|directly|statically|safely|currently) )?(?:be \w{1,30}|both|close|clone|begin|commit|spawn|setup|proceed|convert|configure|restrict|call|use|access|modify|override|overwrite|import|export|render|return|combine|mix|merge|set|add|remove|update|patch|manage|send|subscribe|schedule|assign|delete|include|generate|redirect|run|prerender|infer|await|rename|split|move|replace|store|edit|define|redefine|declare|change|attach|bind|link|inline|publish|deploy|dedupe|serve|apply|upgrade|downgrade|switch|convert|extend|mutate|reassign|emit|create|install|instantiate|construct|start|restart|stop|clone|lock|stream|wrap|nest|register|transform|bundle|build|compile|handle|sign|normalize|preview|print|continue|watch|pick|approve|stage|migrate|contain|throw|pass|have|end|work|go|specify|provide|name|mark|list|push|serialize|compute|write to|read from)\b|\b(?:called|used|invoked|accessed|rendered|read|defined|imported|run|included) (?:outside|inside|before|after|within|without|during|while|in a|from|on the|twice|more than)\b|\bbefore (?:it is |being |it was |the )?(?:\w{1,20} )?(?:initiali[sz]ed|initiali[sz]ation|called|hydration)\b|\bmust run\b|\bnot wrapped\b|\binstead\b|\bmarked as\b|\bonly \S{1,40}(?: \S{1,40}){0,3} (?:can|may|is|are)\b|\b(?:has|have)(?:n't| not) (?:yet )?(?:been|started)\b/i,
    cause: 'not_supported',
    examples: ['acme cannot be called in it', 'cookies() was called outside a request'],
  },
  {
    says: /\bcalled conditionally\b|\bnon[- ]supported\b|\bdid not (?:return|produce|yield|export)\b|\b(?:may|can|could|should) only\b|\bonly (?:the|a|an|loads?|one|at)\b|\bused \S{1,60} (?:inside|without|outside|in)\b|\b(?:call|called|run) \S{1,60} before\b|\bwithout (?:first )?calling\b|\bneeds? (?:an?|to|explicit)\b|\bat (?:most|least)\b|\bnot (?:yet |currently )?(?:initiali[sz]ed|necessary|clean|ready|safe|approved)\b|\bneither\b|\b(?:is|are|be|was|isn't|aren't|not|only|yet) (?:only |not |yet |currently |un)?(?:supported|available|allowed|usable|permitted|possible|enabled|disabled|implemented|meant|intended|editable|ready)\b|\bunsupported\b|\bdisabled\b|\bdo(?:es)?(?:n't| not) (?:support|work|accept|allow|take|currently|yet|read|implement|provide|apply|produce|return|export|run|use|need)\b|\b(?:has|have) no effect\b|\b(?:will be|is|are|being) ignored\b|\b(?:tried|attempted|trying|attempting|attempt) to\b|\b(?:only|must|can) be (?:used|called|run|set|done)\b|\bonly (?:works?|usable|valid|accepts?|allows?|supports?|available|one|tag|for|in|when|with)\b|\b(?:use|used|uses|using|call|try|set|add|remove|prefer|consider|make sure|ensure)\b.{0,100}\binstead\b|\brequires?\b|\bis required\b|\bprohibited\b|\bforbidden\b|\boutside (?:of )?(?:an?|the|its|any)\b|\bis (?:a )?(?:read-?only|immutable|frozen|locked|sealed)\b|\bimmutable\b/i,
    cause: 'not_supported',
    examples: ['it does not work in global mode', 'the value is immutable'],
  },
  {
    says: /\b(?:no|none of the) (?:\S{1,60} ){1,8}(?:found|available|exists?|set|configured|defined|registered|detected|match\w{0,3}|specified|provided|supplied|given|selected|for|in|on|with|named|called|to)\b|\bno (?:\S{1,60} ){0,3}\S{1,60}$|\bdo(?:es)?(?:n't| not) (?:have|contain|include|match|point|appear|exist|belong|know|recogni[sz]e|look|correspond|reference|declare|define|specify|start|begin|end)\b|\b(?:has|have|had|with|without) (?:no|an?)\b|\b(?:is|are|was|were) (?:missing|absent|empty|undefined|null|unknown|not (?:an?|the|there|present|configured|registered|linked|set|part|included|contained|known|in|on|found|defined|specified|provided|given))\b|\b(?:could not|couldn't|cannot|can't|unable to|failed to) (?:\w{1,20}ly )?(?:determine|detect|discover|get|identify|recogni[sz]e|retrieve|infer|look ?up|find|locate|load|obtain|access|match)\b|\bmissing\b|\blacks?\b|\bincomplete\b|\breturned an empty\b|\bwithout returning\b|\bwithout (?:a )?name\b|\bnot (?:declared|referenced|recogni[sz]ed)\b|\b(?:isn't|aren't|wasn't) (?:referenced|an?|the)\b|\breturned (?:undefined|null|nothing)\b|\bdidn't get\b|\bnot (?:found|available|present|provided|specified|configured|set|included|registered|published|in)\b|\bunknown\b/i,
    cause: 'resource_not_found',
    examples: ['No queue named "acme" is registered', 'acme is not a dist-tag on quill'],
  },
]
