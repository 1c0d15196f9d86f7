-- See release_build_reports.
create or replace trigger build_error_scans_release_reports after insert on build_error_scans
  referencing new table as scans
  for each statement execute function release_build_reports();
