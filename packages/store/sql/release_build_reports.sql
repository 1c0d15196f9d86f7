-- Makes the report of a failed build due now that its first scan is stored: the cause is reported, or added
-- to what was reported without it. Scans of builds older than a day report nothing. Called by
-- build_error_scans_release_reports.
create or replace function release_build_reports() returns trigger language plpgsql as $$
begin
  update build_reports r set due_on = now(), attempts = 0, revision = r.revision + 1
  from scans s join builds b using (build_id)
  where r.build_id = s.build_id and b.status = 'stopped' and r.given_up_reason is null
    and (r.due_on is not null or s.outcome = 'detected')
    and r.created_on > now() - interval '1 day';
  return null;
end $$;
