-- migrate:up

create table accounts (
  account_id text primary key check (account_id ~ '^[0-9a-f]{32}$'),
  account_name text not null,
  max_concurrent_builds integer not null default 1 check (max_concurrent_builds between 1 and 1000),
  build_timeout_seconds integer not null default 1200 check (build_timeout_seconds between 1 and 86400),
  created_on timestamptz not null default now()
);

create table workers (
  script_tag text primary key check (script_tag ~ '^[0-9a-f]{32}$'),
  account_id text not null references accounts on delete cascade,
  script_name text not null,
  created_on timestamptz not null default now(),
  deleted_on timestamptz
);
create unique index workers_name on workers (account_id, script_name) where deleted_on is null;

create table repo_connections (
  repo_connection_uuid uuid primary key default gen_random_uuid(),
  account_id text not null references accounts on delete cascade,
  provider_type text not null check (provider_type in ('github', 'gitlab', 'gitlab_internal', 'origin')),
  provider_account_id text not null,
  provider_account_name text not null,
  repo_id text not null,
  repo_name text not null,
  webhook_secret_sealed text not null,
  created_on timestamptz not null default now(),
  modified_on timestamptz not null default now(),
  deleted_on timestamptz
);
create unique index repo_connections_repo
  on repo_connections (account_id, provider_type, provider_account_id, repo_id) where deleted_on is null;

create table build_tokens (
  build_token_uuid uuid primary key default gen_random_uuid(),
  account_id text not null references accounts on delete cascade,
  build_token_name text not null,
  build_token_secret_sealed text not null,
  cloudflare_token_id text not null,
  owner_type text not null default 'user' check (owner_type in ('user', 'account')),
  created_on timestamptz not null default now(),
  deleted_on timestamptz
);
create index build_tokens_account on build_tokens (account_id);

create table triggers (
  trigger_uuid uuid primary key default gen_random_uuid(),
  script_tag text not null references workers on delete cascade,
  repo_connection_uuid uuid not null references repo_connections on delete cascade,
  build_token_uuid uuid not null references build_tokens,
  trigger_name text not null,
  build_command text not null,
  deploy_command text not null,
  root_directory text not null default '/',
  branch_includes jsonb not null default '["*"]' check (jsonb_typeof(branch_includes) = 'array'),
  branch_excludes jsonb not null default '[]' check (jsonb_typeof(branch_excludes) = 'array'),
  path_includes jsonb not null default '["*"]' check (jsonb_typeof(path_includes) = 'array'),
  path_excludes jsonb not null default '[]' check (jsonb_typeof(path_excludes) = 'array'),
  build_caching_enabled boolean not null default false,
  created_on timestamptz not null default now(),
  modified_on timestamptz not null default now(),
  deleted_on timestamptz
);
create index triggers_worker on triggers (script_tag);
create index triggers_repo_connection on triggers (repo_connection_uuid) where deleted_on is null;

create table environment_variables (
  trigger_uuid uuid not null references triggers on delete cascade,
  key text not null check (key ~ '^[A-Za-z_][A-Za-z0-9_]*$'),
  is_secret boolean not null,
  value text check (length(value) <= 5000),
  value_sealed text,
  created_on timestamptz not null default now(),
  primary key (trigger_uuid, key),
  check (is_secret = (value is null) and is_secret = (value_sealed is not null))
);

create table webhook_deliveries (
  webhook_delivery_id bigint generated always as identity primary key,
  repo_connection_uuid uuid not null references repo_connections on delete cascade,
  delivery_id text not null check (length(delivery_id) <= 200),
  body_sha256 bytea not null check (length(body_sha256) = 32),
  event text not null,
  received_on timestamptz not null default now(),
  unique (repo_connection_uuid, delivery_id),
  unique (repo_connection_uuid, body_sha256)
);

create table builds (
  build_id bigint generated always as identity primary key,
  build_uuid uuid not null unique default gen_random_uuid(),
  account_id text not null references accounts on delete cascade,
  script_tag text not null references workers on delete cascade,
  trigger_uuid uuid not null references triggers on delete cascade,
  webhook_delivery_id bigint references webhook_deliveries on delete set null,
  status text not null default 'queued'
    check (status in ('queued', 'initializing', 'running', 'stopped')),
  build_outcome text
    check (build_outcome in ('success', 'fail', 'skipped', 'cancelled', 'terminated')),
  failure_reason text check (failure_reason in (
    'initialization_failed', 'clone_failed', 'install_failed', 'build_command_failed',
    'deploy_command_failed', 'timed_out', 'health_check_failed', 'build_token_invalid',
    'repo_disconnected', 'internal_error')),
  skip_reason text check (skip_reason in ('superseded', 'worker_deleted')),
  build_trigger_source text not null,
  branch text not null,
  commit_hash text not null check (commit_hash ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'),
  commit_message text not null,
  author text not null,
  -- What the branch pointed at before this push, and when the provider took the push: they tell
  -- the order of pushes whose webhooks arrive in another one.
  push_before text,
  pushed_on timestamptz,
  -- The settings that the build runs with; of a secret variable only that it is there.
  settings jsonb not null check (jsonb_typeof(settings) = 'object'),
  created_on timestamptz not null default now(),
  modified_on timestamptz not null default now(),
  claimed_on timestamptz,
  initializing_on timestamptz,
  running_on timestamptz,
  stopped_on timestamptz,
  -- A failed build that nobody has scanned yet is queued again from this time on.
  scan_due_on timestamptz,
  check ((status = 'stopped') = (build_outcome is not null)),
  check ((status = 'stopped') = (stopped_on is not null)),
  check ((failure_reason is not null) = (build_outcome is not null and build_outcome in ('fail', 'terminated'))),
  check ((skip_reason is not null) = (build_outcome is not null and build_outcome = 'skipped'))
);
-- The claim: what waits, and what runs, per account.
create index builds_queued on builds (account_id, build_id) where status = 'queued';
create index builds_unfinished on builds (account_id) where claimed_on is not null and status <> 'stopped';
create index builds_unfinished_branch on builds (trigger_uuid, branch) where status <> 'stopped';
-- A page of a Worker's builds, newest first.
create index builds_worker on builds (script_tag, build_id desc);
-- The order of pushes to one branch.
create index builds_pushes on builds (trigger_uuid, branch, build_id desc) where pushed_on is not null;
-- The sweep.
create index builds_scan_due on builds (scan_due_on) where scan_due_on is not null;
create index builds_webhook_delivery on builds (webhook_delivery_id) where webhook_delivery_id is not null;

create table build_steps (
  build_id bigint not null references builds on delete cascade,
  step text not null check (step in ('initializing', 'cloning', 'installing', 'building', 'deploying')),
  started_on timestamptz not null,
  ended_on timestamptz,
  exit_code integer,
  primary key (build_id, step)
);

create table build_error_scans (
  build_id bigint primary key references builds on delete cascade,
  outcome text not null check (outcome in ('detected', 'no_match', 'no_log', 'scan_failed')),
  detector_version integer not null check (detector_version > 0),
  lines_read integer not null check (lines_read >= 0),
  attempts integer not null default 1 check (attempts > 0),
  scanned_on timestamptz not null default now()
);

create table build_errors (
  build_id bigint not null references build_error_scans on delete cascade,
  error_code text not null check (length(error_code) <= 100),
  error_group text not null check (length(error_group) <= 500),
  rank integer not null check (rank >= 0),
  cause text not null check (length(cause) <= 100),
  fault text not null check (fault in ('user', 'platform', 'upstream', 'suspect')),
  step text check (step in ('initializing', 'cloning', 'installing', 'building', 'deploying')),
  line integer check (line >= 0),
  confidence real not null check (confidence between 0 and 1),
  -- Copied from the build, where they do not change any more: the top list reads one table.
  account_id text not null,
  stopped_on timestamptz not null,
  primary key (build_id, error_code, error_group)
);
create index build_errors_top on build_errors (stopped_on) include (error_code, cause, error_group, account_id);

create table api_tokens (
  api_token_uuid uuid primary key default gen_random_uuid(),
  token_name text not null,
  token_sha256 bytea not null unique check (length(token_sha256) = 32),
  -- May use the cross-account views under /internal.
  is_platform boolean not null default false,
  created_on timestamptz not null default now(),
  expires_on timestamptz
);

create table api_token_accounts (
  api_token_uuid uuid not null references api_tokens on delete cascade,
  account_id text not null references accounts on delete cascade,
  permission text not null check (permission in ('read', 'write')),
  primary key (api_token_uuid, account_id)
);

-- migrate:down

drop table
  api_token_accounts, api_tokens, build_errors, build_error_scans, build_steps, builds,
  webhook_deliveries, environment_variables, triggers, build_tokens, repo_connections, workers,
  accounts;
