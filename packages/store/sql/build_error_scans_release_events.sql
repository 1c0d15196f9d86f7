-- See release_failed_events.
create or replace trigger build_error_scans_release_events after insert on build_error_scans
  referencing new table as scans
  for each statement execute function release_failed_events();
