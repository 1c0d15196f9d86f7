-- migrate:up

-- When the newest look at a build's log was given up; what an earlier look found stays beside it.
alter table build_error_scans add column failed_on timestamptz;
update build_error_scans set failed_on = scanned_on where outcome = 'scan_failed';
create index build_error_scans_failed on build_error_scans (failed_on) where failed_on is not null;

-- A re-scan updates every row of a range: with room on its page it touches no index.
alter table build_error_scans set (fillfactor = 70);

-- How far a run came, for when it is over.
alter table backfills
  add column builds_scanned bigint not null default 0 check (builds_scanned >= 0),
  add column builds_failed bigint not null default 0 check (builds_failed >= 0);

-- migrate:down

alter table backfills drop column builds_failed, drop column builds_scanned;
alter table build_error_scans reset (fillfactor);
drop index build_error_scans_failed;
alter table build_error_scans drop column failed_on;
