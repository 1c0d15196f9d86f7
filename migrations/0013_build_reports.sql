-- migrate:up

-- What the Git provider is told of builds: a check run, or a commit status. One row per build that
-- has something to tell; it says that, not what: a try tells how the build is by then.
create table build_reports (
  build_id bigint primary key references builds on delete cascade,
  repo_connection_uuid uuid not null references repo_connections on delete cascade,
  -- The provider's id of it, once it was told.
  report_id text,
  -- Counts the times that there was something new to tell: a try that began before does not end it.
  revision integer not null default 1,
  attempts integer not null default 0 check (attempts >= 0),
  -- When to try next; null when all is told. A try that is under way has moved it on, for the case
  -- that it dies.
  due_on timestamptz,
  -- Why this build is told no further.
  given_up_reason text check (length(given_up_reason) <= 500),
  created_on timestamptz not null default now(),
  check (given_up_reason is null or due_on is null)
);
create index build_reports_due on build_reports (due_on) where due_on is not null;
create index build_reports_connection on build_reports (repo_connection_uuid, due_on);

-- Written with the change of the build, in whatever statement, as its events are (0010).
create function record_build_report() returns trigger language plpgsql as $$
begin
  insert into build_reports (build_id, repo_connection_uuid, due_on)
  select new.build_id, r.repo_connection_uuid,
    -- A failure is told with its cause: the scan brings it forward, and this is how long it is
    -- waited for.
    case when new.build_outcome in ('fail', 'terminated')
        and not exists (select from build_error_scans where build_id = new.build_id)
      then now() + interval '3 minutes' else now() end
  from triggers t join repo_connections r using (repo_connection_uuid)
  where t.trigger_uuid = new.trigger_uuid and r.deleted_on is null and r.disconnect_reason is null
    -- Nobody is asked who has not let us in.
    and case r.provider_type
      when 'github' then exists (select from git_installations i where i.account_id = r.account_id)
      else r.grant_id is not null end
  on conflict (build_id) do update
    set due_on = excluded.due_on, attempts = 0, revision = build_reports.revision + 1
    where build_reports.given_up_reason is null;
  return null;
end $$;

-- When it starts, and when it has stopped. A skipped build never was.
create trigger builds_record_report after update of status on builds
  for each row when (
    new.status is distinct from old.status
    and (old.status = 'queued' or new.status = 'stopped')
    and new.build_outcome is distinct from 'skipped')
  execute function record_build_report();

-- The first scan of a failed build: its cause is told now, or added to what was told without it.
-- Scans of the past are told nobody.
create function release_build_reports() returns trigger language plpgsql as $$
begin
  update build_reports r set due_on = now(), attempts = 0, revision = r.revision + 1
  from scans s join builds b using (build_id)
  where r.build_id = s.build_id and b.status = 'stopped' and r.given_up_reason is null
    and (r.due_on is not null or s.outcome = 'detected')
    and r.created_on > now() - interval '1 day';
  return null;
end $$;

create trigger build_error_scans_release_reports after insert on build_error_scans
  referencing new table as scans
  for each statement execute function release_build_reports();

-- migrate:down

drop trigger build_error_scans_release_reports on build_error_scans;
drop trigger builds_record_report on builds;
drop function release_build_reports();
drop function record_build_report();
drop table build_reports;
