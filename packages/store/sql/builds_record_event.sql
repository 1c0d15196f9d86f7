-- See record_build_event.
create or replace trigger builds_record_event after update of status on builds
  for each row when (new.status is distinct from old.status)
  execute function record_build_event();
