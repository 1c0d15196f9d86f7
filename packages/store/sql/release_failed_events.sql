-- Makes the event of a failed build due now that its first scan is stored, because it was held back for
-- the cause. Called by build_error_scans_release_events.
create or replace function release_failed_events() returns trigger language plpgsql as $$
begin
  update event_deliveries d set due_on = now()
  from scans s join build_events e on e.build_id = s.build_id and e.event = 'build.failed'
  where d.build_event_id = e.build_event_id and d.status = 'pending' and d.attempts = 0
    and d.due_on > now();
  return null;
end $$;
