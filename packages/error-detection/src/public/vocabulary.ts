/**
 * Words that may stand in a group: English, and what tools talk of. No word here is likely to be the
 * name of somebody's project, and none becomes private by where it stands.
 *
 * @module
 */
const WORDS = `
a an the this that these those it its is are was were be been being am not no nor none never only also
and or but if then else when while where which who whom whose what why how than as at by for from in into
of off on onto out over per to under up upon with within without via about above after again against all
any before behind below between both during each either every few first last less many more most much
must neither next now once one other others own same second several since so some soon still such there
they them their too two until unless unlike very we were you your yours i he she his her our us me my
can cannot can't could couldn't did didn't do does doesn't doing done don't had has hasn't have haven't
having may might shall should shouldn't will won't would wouldn't isn't aren't wasn't weren't let's
it's you're you've we've we're they're

abort aborted aborting absent absolute accept accepted access accessed accessible account across action
active actual actually add added adding additional address adjust again against ahead alias aliases
all allow allowed allows already alternatively although always ambiguous amount another answer anything
appear appears applicable application applied applies apply applying appropriate archive argument
arguments around array assert assertion assets assign assigned assignment associated assume async
attach attempt attempted attempting attribute attributes authenticate authenticated authentication
authorization authorized auto automatic automatically available avoid await away back bad base based
because become been began begin beginning behavior being belong belongs beneath best better beyond big
binary bind binding bindings bit blank block blocked body boolean both boundary branch break broken browser
buffer bug build builder building builds built builtin bundle bundled bundler bundles bundling busy but
byte bytes cache cached call callback called caller calling calls cancel canceled cancelled candidate
capacity case cases catch caught cause caused causes certain certificate chain change changed changes
character characters check checked checking checkout checks checksum child choose chunk chunks circular
class classes clean cleanup clear cli client clone close closed code codes collect collecting collection
column columns combination come comes comma command commands comment commit common compatible compilation
compile compiled compiler compiling complete completed completely component components compute
concurrency condition conditions config configs configuration configurations configure configured
configuring confirm conflict conflicting conflicts connect connected connecting connection connections
consider console constant constraint constraints constructed constructor contact contain container
containers contains content contents context continue contract control conversion convert converted
converting copied copy core correct correctly corresponding corrupt corrupted count crash crashed create
created creates creating creation credential credentials cross css current currently custom cycle cyclic
daemon data database databases date dates dead deadlock debug declaration declarations declare declared
decode decoding default defaults deferred define defined defines definition definitions delay delete
deleted denied dependencies dependency depends deploy deployed deploying deployment deprecated depth
describe described descriptor deserialize destination destroyed destructure detail details detect detected
detecting detection determine developer development device did differ difference different digest directive
directly directories directory disable disabled disallowed disconnected discovered disk display distinct
do docs document documentation documents does doing domain dom done double down download downloaded
downloading driver drop dropped due dump duplicate duplicated duplicates duration dynamic dynamically each
early edge edit effect either element elements else email empty emit emitted enable enabled encode encoded
encoding encountered end ended ending endpoint ends engine enough ensure enter entire entries entry enum
env environment environments equal error errored errors escape establish esm etc evaluate evaluated
evaluating evaluation even event events ever every exactly example exceed exceeded exceeds except
exception exceptions executable execute executed executing execution exhausted exist existing exists exit
exited exiting expect expected expects experimental expired explicit explicitly export exported exports
expression extend extended extension extensions external extra extract extracted extracting fail failed
failing fails failure failures fallback false fast fatal feature features fetch fetched fetching field
fields file filename files filesystem filter final find finding fine finish finished first fix fixed flag
flags float follow followed following follows font fonts for forbidden force forced forget forgot fork
form format formats formatted formatting forward found fragment frame framework free frozen fs full fully
function functional functions further future gateway general generate generated generates generating
generation generator generic get gets getting give given global globally globals got grant granted graph
greater group groups guard had handle handled handler handlers handling hang happen happened happens hash
have head header headers heap height help helper here hidden high hint hints hold hook hooks host hostname
however html http https hydration id ideally identical identifier identifiers ids if ignore ignored
ignoring illegal image images immediately immutable implement implementation implemented implicit
implicitly import imported importing imports improper in inaccessible incident include included includes
including incompatible incomplete inconsistent incorrect incorrectly indent indentation index indicate
indicates inference info information inherit initial initialise initialization initialize initialized
initializing inline inner input inputs insert inside inspect install installation installed installing
instance instances instead instruction instructions insufficient int integer integration integrity intended
interactive interface internal internally interpreter interrupted into introduced invalid invocation
invoke invoked io issue issues item items iterable iteration itself javascript job join json jsx keep key
keys keyword kill killed kind know known label language large larger last later latest launch layer layout
lead leading leads least leave left length less level levels libraries library lifecycle like likely limit
limited limits line lines link linked linking links list listed listen listening literal load loaded loader
loaders loading loads local locale locally located location lock locked lockfile log logged login logs
long longer look looking looks loop lost low lower made main major make makes making malformed manager
manifest manual manually map mapping maps mark marked markdown match matched matches matching max maximum
may mean meaning means media meet member members memory mentioned merge message messages metadata method
methods middleware migrate migration migrations min minify minimum minor mismatch mismatched missing mix
mixed mode model modern modified modify module modules more most mount move moved multiple mutable mutation
name named names namespace namespaces native navigate near necessary need needed needs negative nested
network never new newer newline newly next node non none normal normally not note nothing null number
numbers numeric object objects obsolete obtain occur occurred occurs of off offset often old older on once
one only open opened opening operand operation operations operator optimization optimize optimized option
optional optionally options or order origin original originally other otherwise out outdated output outputs
outside over overflow overlap override overrides overwrite own owner package packages page pages pair
parallel parameter parameters parent parenthesis parse parsed parser parsing part partial parts pass passed
passes passing password patch path paths pattern patterns pending peer per percent perform performed perhaps
permanently permission permissions permitted phase pipe pipeline place placeholder plain plan platform
platforms please plugin plugins point pointer points policy pool port position positive possible possibly
post potential potentially precondition prefix prepare prepared preparing preprocessor prerender
prerendered prerendering present preset prevent prevented previous previously primary primitive print prior
private privileges probably problem problems proceed process processed processes processing produce
produced production profile program programs progress prohibited project projects promise promises prompt
proper properly properties property protected protocol prototype provide provided provider provides
providing proxy public publish published publishing pull push put query queue quota quote quotes raised
ran range rate rather raw reach reached read readable reading ready real realm reason reasons rebuild
receive received recent recommended recover recursion recursive recursively redeclare redirect redirects
reduce refer reference referenced references referencing refers refused regex register registered registry
regular reinstall reject rejected rejection related relation relative release released releases reload
remain remaining remote remove removed removing rename render rendered renderer rendering repeat replace
replaced report reported repositories repository request requested requesting requests require required
requirement requirements requires requiring reserved reset resolution resolve resolved resolver resolves
resolving resource resources respond responded response responses rest restart restore restricted restrictions
result results resume retrieve retry return returned returning returns revision rewrite right role root
route router routes routing row rows rule rules run runner running runs runtime runtimes safe sandbox save
saved scan scanned schema schemas scope script scripts search section secure security see seem seems select
selected selection selector self send sent separate separator sequence serial serialize serialized
serializing server serverless servers service services session set sets setting settings setup several
severity shadow shape share shared shell short should shown shows side sign signal signature signed silently
similar simple simply single size skip skipped skipping slot slow small snapshot socket some something
sort source sources space spawn special specific specifically specification specified specifier specify
specifying split stack stage stale standard start started starting starts startup state statement
statements static statically stats status stderr stdin stdout step steps still stop stopped storage store
stored strategy stream strict string strings structure stuck style styles stylesheet sub subclass subject
submodule subscribe subsequent success successful successfully such sufficient suffix suggest suggested
super supply supplied support supported supporting supports suppress sure suspense svelte switch symbol
symbols symlink sync synchronous syntax system table tables tag tags take taken takes target targets task
tasks template templates temporary terminate terminated termination test tests text than thread threads
threshold throw throwing thrown throws time timed timeout timeouts timestamp title token tokens too tool
toolchain tools top total trace traces track transaction transform transformation transformed transforming
transition translation tree tried trigger triggered true truncated try trying turn twice two type typed
types typescript typo unable unauthorized unavailable uncaught unchanged undeclared undefined under
undetermined unexpected unexpectedly unhandled unicode unidentified unimplemented unique unit unknown
unlink unnamed unreachable unreadable unrecognised unrecognized unresolvable unresolved unsafe unset
unsupported unterminated untrusted unused unwritable up update updated updates updating upgrade upgraded
upload uploaded uploading upper uri url urls usage use used useful user users uses using usual usually
util utf valid validate validated validating validation value values variable variables variant various
verification verified verify version versions via view violated violation visible visit vite void wait
waited waiting want wanted warning warnings was watch way web website were when where whereas whether
which while white whitespace who whole wide width wildcard will window with within without word work
worked worker workers workflow working workspace workspaces worktree would wrapped write writing written
wrong yaml yes yet zero zip zone

api apis asap ascii async aws bash cdn ci cjs cloudflare commonjs cors cpu cron csv deno docker ecmascript
esbuild eslint frontmatter git github gitlab glob google graphql gpu gzip iife ip ipc jpeg js jwt kv linux
macos markdown mdx mime minifier msg node.js nodejs npm npx nuxt oauth os oxc pdf pnpm png postcss
postgres posix prisma python r2 ram rdbms react regexp rest rolldown rollup rpc ruby rust sass scss sdk
sha sha256 sharp shell sitemap sql sqlite ssh ssl ssr ssg svg swc symlinks tailwind tailwindcss tar tcp
terser tls toml ts tsc tsconfig tsx turbopack txt udp umd unix utf-8 uuid vitest vue wasm webassembly
webpack websocket windows wrangler xml yarn zod bun
`

export const VOCABULARY: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/))
