-- migrate:up

alter table accounts
  -- For how long the log of a build is kept after it stopped.
  add column log_retention_days integer not null default 90
    check (log_retention_days between 1 and 3650);

alter table builds
  -- When retention removed the log; the build and what was detected stay.
  add column log_deleted_on timestamptz;
-- Retention: what is kept, per account, oldest first.
create index builds_log_kept on builds (account_id, stopped_on)
  where status = 'stopped' and claimed_on is not null and log_deleted_on is null;

-- What is to be erased: one Worker, or with no script_tag a whole account. Scheduler works it off;
-- the last thing to go is the target, and its row here with it.
create table deletions (
  deletion_id bigint generated always as identity primary key,
  account_id text not null references accounts on delete cascade,
  script_tag text references workers on delete cascade,
  requested_on timestamptz not null default now(),
  unique nulls not distinct (account_id, script_tag)
);
create index deletions_worker on deletions (script_tag);

-- migrate:down

drop table deletions;
drop index builds_log_kept;
alter table builds drop column log_deleted_on;
alter table accounts drop column log_retention_days;
