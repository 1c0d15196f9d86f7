-- migrate:up

-- What a person or a group has allowed us at a provider that has no App: tokens, sealed with the
-- keys of builds. One grant may serve several connections, since a refresh token is good once.
create table git_grants (
  grant_id uuid primary key default gen_random_uuid(),
  account_id text not null references accounts on delete cascade,
  provider_type text not null check (provider_type in ('gitlab', 'gitlab_internal')),
  -- `oauth` tokens are refreshed, `access_token`s are not, a `deploy_token` only clones.
  kind text not null check (kind in ('oauth', 'access_token', 'deploy_token')),
  username text not null check (length(username) <= 255),
  access_token_sealed text not null,
  refresh_token_sealed text,
  -- When the access token ends; null when that is not known.
  expires_on timestamptz,
  created_on timestamptz not null default now(),
  modified_on timestamptz not null default now(),
  check ((kind = 'oauth') = (refresh_token_sealed is not null))
);
create index git_grants_account on git_grants (account_id);

alter table repo_connections
  -- The installation of the GitHub App that reads the repository, as webhooks tell it.
  add column installation_id text,
  add column grant_id uuid references git_grants on delete set null,
  -- Since when, and why, the provider does not let us at the repository. Settings stay.
  add column disconnected_on timestamptz,
  add column disconnect_reason text check (disconnect_reason in (
    'repository_deleted', 'repository_removed', 'installation_deleted', 'installation_suspended')),
  add constraint repo_connections_disconnected
    check ((disconnected_on is null) = (disconnect_reason is null));
create index repo_connections_grant on repo_connections (grant_id) where grant_id is not null;
-- Webhooks of an App name the repository or the installation, not the connection.
create index repo_connections_provider_repo on repo_connections (provider_type, repo_id)
  where deleted_on is null;
create index repo_connections_installation on repo_connections (installation_id)
  where installation_id is not null and deleted_on is null;

alter table triggers
  -- Whether pushes are built; what a person or a hook asks for is built regardless.
  add column builds_enabled boolean not null default true;

alter table webhook_deliveries
  -- What came of it, per trigger, and why.
  add column result jsonb check (jsonb_typeof(result) = 'object');
create index webhook_deliveries_connection
  on webhook_deliveries (repo_connection_uuid, webhook_delivery_id desc);

alter table builds drop constraint builds_skip_reason_check;
alter table builds add constraint builds_skip_reason_check check (skip_reason in (
  'superseded', 'worker_deleted', 'branch_deleted', 'builds_disabled', 'repo_disconnected',
  'skip_ci', 'paths_excluded'));
-- A check that is run again names the commit.
create index builds_commit on builds (commit_hash);

-- migrate:down

drop index builds_commit;
update builds set skip_reason = 'superseded'
  where skip_reason not in ('superseded', 'worker_deleted');
alter table builds drop constraint builds_skip_reason_check;
alter table builds add constraint builds_skip_reason_check
  check (skip_reason in ('superseded', 'worker_deleted'));
drop index webhook_deliveries_connection;
alter table webhook_deliveries drop column result;
alter table triggers drop column builds_enabled;
alter table repo_connections
  drop constraint repo_connections_disconnected,
  drop column disconnect_reason, drop column disconnected_on, drop column grant_id,
  drop column installation_id;
drop index if exists repo_connections_provider_repo;
drop table git_grants;
