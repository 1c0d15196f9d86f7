/**
 * The values that may stand in a group as they are, each by an alphabet that leaves no room for a
 * name, a secret or a path. What does not fit is masked: groups fail closed.
 *
 * @module
 */

import { ASTRO_NAMES, NODE_CODES, PNPM_CODES } from './known-codes.ts'

export interface PublicValue {
  /** What the value looks like in a line; sticky, and linear. */
  token: RegExp
  /** What may be kept; the rest becomes `<CODE>`. Without it, everything that fits the token. */
  known?: ReadonlySet<string>
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

export const PUBLIC_VALUES: Readonly<Record<string, PublicValue>> = {
  /** TypeScript: `TS2307` */
  ts: { token: /\d{4,5}(?!\d)/y },
  /** Cloudflare's API: `[code: 10021]` */
  api: { token: /\d{3,7}(?!\d)/y },
  /** Yarn: `YN0028` */
  yn: { token: /\d{4}(?!\d)/y },
  /** Nuxt: `NUXT_B5002` */
  nuxt: { token: /[A-Z]\d{4}(?!\d)/y },
  /** Prisma: `P1012` */
  prisma: { token: /P\d{4}(?!\d)/y },
  /** An HTTP status: `404` */
  status: { token: /[1-5]\d\d(?!\d)/y },
  /** An exit code: `137` */
  exit: { token: /\d{1,3}(?!\d)/y },
  /** `Error`, `TypeError` and the other classes of JavaScript and its best known libraries. */
  js: {
    token: /[A-Z]\w{1,60}/y,
    known: words(`Error TypeError ReferenceError SyntaxError RangeError EvalError URIError
      AggregateError AssertionError DOMException TimeoutError FetchError AxiosError ZodError
      CssSyntaxError PrismaClientInitializationError PrismaClientKnownRequestError
      PrismaClientValidationError PrismaClientRustPanicError PrismaClientUnknownRequestError
      DrizzleError DrizzleQueryError PostgresError MongooseError MongoServerError MongoParseError
      MongoServerSelectionError SequelizeConnectionError StripeAuthenticationError ConvexError
      FirebaseError FirebaseAppError YAMLException YAMLParseError MDXError CompileError
      ResolveError RollupError ModuleNotFoundError InvariantError HTTPError GraphQLError ApolloError
      ClientResponseError UserError FatalError UsageError CommanderError MissingEnvVarsError
      HardhatError APIError`),
  },
  /** Python's built-in exceptions, and those its packaging tools print. */
  py: {
    token: /(?:[a-z_]\w{0,40}\.){0,6}[A-Z]\w{1,60}/y,
    known: words(`ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError
      BufferError ConnectionAbortedError ConnectionError ConnectionRefusedError
      ConnectionResetError EOFError Exception FileExistsError FileNotFoundError FloatingPointError
      ImportError IndentationError IndexError InterruptedError IsADirectoryError KeyError
      KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError
      NotImplementedError OSError OverflowError PermissionError ProcessLookupError RecursionError
      RuntimeError StopIteration SyntaxError SystemError SystemExit TabError TimeoutError TypeError
      UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError
      ZeroDivisionError CalledProcessError DistutilsExecError CompileError ConfigurationError
      JSONDecodeError ImproperlyConfigured OperationalError ProgrammingError IntegrityError
      ValidationError HTTPError SSLError TemplateNotFound TemplateSyntaxError UndefinedError
      DistributionNotFound VersionConflict BackendUnavailable`),
  },
  /** Ruby's exceptions. */
  rb: {
    token: /[A-Z]\w{1,40}(?:::\w{1,40}){0,3}/y,
    known: words(`ArgumentError EncodingError EOFError FloatDomainError FrozenError IOError
      IndexError Interrupt KeyError LoadError LocalJumpError NameError NoMemoryError NoMethodError
      NotImplementedError RangeError RegexpError RuntimeError ScriptError SecurityError
      StandardError StopIteration SyntaxError SystemCallError SystemExit SystemStackError
      ThreadError TypeError ZeroDivisionError Errno::ENOENT Errno::EACCES Errno::ECONNREFUSED
      Encoding::UndefinedConversionError Encoding::CompatibilityError Gem::MissingSpecError
      Gem::LoadError Gem::Ext::BuildError Bundler::GemNotFound Bundler::PermissionError
      Bundler::HTTPError Liquid::SyntaxError Psych::SyntaxError Zlib::BufError`),
  },
  /** The fields of a Wrangler configuration. */
  wrangler: {
    token: /[a-z]\w{1,60}/y,
    known: words(`account_id ai ai_search ai_search_namespaces alias analytics_engine_datasets
      artifacts assets base_dir browser build cloudchamber compatibility_date compatibility_flags
      compliance_region configPath containers d1_databases data_blobs define dependencies_instrumentation
      dev dispatch_namespaces durable_objects env exports find_additional_modules first_party_worker
      flagship hello_world hyperdrive images jsx_factory jsx_fragment keep_names keep_vars kv_namespaces
      legacy_env limits logfwdr logpush main media migrations minify mtls_certificates name no_bundle
      observability pages_build_output_dir pipelines placement preserve_file_names preview_urls previews
      python_modules queues r2_buckets ratelimits route routes rules secrets secrets_store_secrets
      send_email send_metrics services site streaming_tail_consumers tail_consumers text_blobs topLevelName
      triggers tsconfig unsafe unsafe_hello_world upload_source_maps usage_model vars vectorize
      version_metadata vpc_networks vpc_services wasm_modules webpack_config worker_loaders workers_dev
      workflows zone_id`),
  },
  /** What the operating system says: `ENOENT`. */
  errno: {
    token: /E[A-Z]\w{1,30}/y,
    known: words(`EACCES EADDRINUSE EADDRNOTAVAIL EAGAIN EAI_AGAIN EAI_FAIL EBADF EBUSY ECONNABORTED
      ECONNREFUSED ECONNRESET EDQUOT EEXIST EFAULT EFBIG EHOSTDOWN EHOSTUNREACH EINTR EINVAL EIO
      EISDIR ELOOP EMFILE EMLINK ENAMETOOLONG ENETDOWN ENETUNREACH ENFILE ENOBUFS ENODEV ENOENT
      ENOEXEC ENOMEM ENOSPC ENOSYS ENOTCONN ENOTDIR ENOTEMPTY ENOTFOUND ENOTSUP EPERM EPIPE EPROTO
      EROFS ESOCKETTIMEDOUT ETIMEDOUT ETXTBSY EXDEV`),
  },
  /** Node.js: `ERR_REQUIRE_ESM` */
  node: { token: /ERR_[A-Z0-9_]{1,60}/y, known: NODE_CODES },
  /** pnpm, after `ERR_PNPM_` */
  pnpm: { token: /[A-Z0-9_]{1,80}/y, known: PNPM_CODES },
  /** Astro: `NoAdapterInstalled` */
  astro: { token: /[A-Z]\w{2,60}/y, known: ASTRO_NAMES },
  /** What npm prints after `npm error code`. */
  npm: {
    token: /[A-Z0-9][A-Z0-9_]{0,40}/y,
    known: words(`E400 E401 E402 E403 E404 E405 E406 E409 E413 E422 E426 E429 E500 E502 E503 E504
      EACCES EADDRINUSE EAI_AGAIN EAI_FAIL EALLOWGIT EALLOWREMOTE EALREADYEXISTS EAUDITNOLOCK
      EBADDEVENGINES EBADENGINE EBADPLATFORM EBUSY ECONNREFUSED ECONNRESET ECYCLE
      EDUPLICATEWORKSPACE EEXIST EINTEGRITY EINVALIDPACKAGENAME EINVALIDTAGNAME EINVALIDTYPE EIO
      EISDIR EISGIT EJSONPARSE ELIFECYCLE ELOCKVERIFY ELSPROBLEMS EMFILE EMISSINGARG ENAMETOOLONG
      ENEEDAUTH ENOAUDIT ENOENT ENOGIT ENOLOCAL ENOLOCK ENOMEM ENOPACKAGEJSON ENOSPC ENOTDIR
      ENOTEMPTY ENOTFOUND ENOTSUP ENOVERSIONS ENOWORKSPACES EOTP EPEERINVALID EPERM EPIPE EPROTO
      ERESOLVE ERR_SOCKET_TIMEOUT ERR_INVALID_ARG_TYPE ERR_INVALID_URL ERR_SSL_WRONG_VERSION_NUMBER
      ERR_INVALID_PROTOCOL ERR_STREAM_PREMATURE_CLOSE ESTRICTALLOWSCRIPTS ETARGET ETIMEDOUT EUNKNOWN
      EUNSUPPORTEDPROTOCOL EUNSUPPORTEDPROXY EUSAGE EWORKSPACESSCOPE EXDEV Z_BUF_ERROR Z_DATA_ERROR
      CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT ERR_TLS_CERT_ALTNAME_INVALID
      SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE`),
  },
  /** The tool of a shell's complaint, where naming it helps and says nothing of the project. */
  command: {
    token: /[\w.@/-]{1,60}/y,
    known: words(`astro bash bun bunx bundle cargo cmake composer corepack cross-env deno docker
      docusaurus eleventy esbuild eslint expo flutter gatsby gcc git go gulp hexo hugo husky jekyll lerna
      make mise mkdocs mvn next ng node npm npx nuxi nuxt nx opennextjs-cloudflare php pip pip3
      playwright pnpm poetry postcss prettier prisma python python2 python3 quasar react-router
      react-scripts remix remix-vite-build rimraf rollup rsbuild rsc rspack ruby run-p run-s rustc
      rustup sass sh storybook svelte-kit swc tailwindcss tsc tsup tsx turbo turbopack ts-node tsdown
      uv vercel vite vitepress vitest vue-cli-service vuepress wasm-pack webpack wrangler yarn zola`),
  },
}
