-- migrate:up

alter table accounts
  -- How many build minutes a month are included, and what happens when they are used up.
  add column plan text not null default 'free' check (plan in ('free', 'paid'));
-- What an account's builds have taken since the month began.
create index builds_account_stopped on builds (account_id, stopped_on) where initializing_on is not null;

alter table workers add column modified_on timestamptz not null default now();

alter table triggers
  -- A cache that was filled under another generation is not restored.
  add column cache_generation integer not null default 0;

alter table builds
  -- What the deploy command brought about, as wrangler reports it.
  add column version_id uuid,
  add column preview_url text check (length(preview_url) <= 2048);
create index builds_version on builds (version_id, build_id desc) where version_id is not null;

-- migrate:down

drop index builds_version;
alter table builds drop column preview_url, drop column version_id;
alter table triggers drop column cache_generation;
alter table workers drop column modified_on;
drop index builds_account_stopped;
alter table accounts drop column plan;
