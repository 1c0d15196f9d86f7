-- migrate:up

-- Runs of BuildErrorsAgent: which builds were to be scanned again, and what came of it.
create table backfills (
  backfill_id bigint generated always as identity primary key,
  status text not null default 'running' check (status in ('running', 'completed', 'stopped')),
  min_build_id bigint not null check (min_build_id >= 0),
  max_build_id bigint not null,
  -- Take only what a detector older than this one scanned, or none.
  older_than_detector_version integer check (older_than_detector_version > 0),
  error_codes jsonb check (jsonb_typeof(error_codes) = 'array'),
  account_ids jsonb check (jsonb_typeof(account_ids) = 'array'),
  builds_per_second integer check (builds_per_second > 0),
  builds_queued bigint not null default 0 check (builds_queued >= 0),
  started_on timestamptz not null default now(),
  stopped_on timestamptz,
  check (max_build_id >= min_build_id),
  check ((status = 'running') = (stopped_on is null))
);
-- There is one agent, and it does one thing at a time.
create unique index backfills_running on backfills (status) where status = 'running';

-- A range of failed builds, in order.
create index builds_failed on builds (build_id) where build_outcome in ('fail', 'terminated');

-- migrate:down

drop index builds_failed;
drop table backfills;
