-- When a build starts, and when it has stopped; never for a skipped build. See record_build_report.
create or replace trigger builds_record_report after update of status on builds
  for each row when (
    new.status is distinct from old.status
    and (old.status = 'queued' or new.status = 'stopped')
    and new.build_outcome is distinct from 'skipped')
  execute function record_build_report();
