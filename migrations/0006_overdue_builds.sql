-- migrate:up

-- A build that is unfinished then is asked after: its BuildBuddy should have ended it long ago.
-- `overdue_asks` counts how often that came to nothing.
alter table builds
  add column overdue_on timestamptz,
  add column overdue_asks integer not null default 0 check (overdue_asks >= 0),
  add column retried_build_id bigint references builds on delete set null;
update builds set overdue_on = now() + interval '30 minutes'
where claimed_on is not null and status <> 'stopped';
create index builds_overdue on builds (overdue_on) where overdue_on is not null and status <> 'stopped';
create index builds_retried on builds (retried_build_id) where retried_build_id is not null;

-- migrate:down

drop index builds_retried, builds_overdue;
alter table builds drop column retried_build_id, drop column overdue_asks, drop column overdue_on;
