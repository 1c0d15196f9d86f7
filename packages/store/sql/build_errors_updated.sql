-- See mark_updated_build_errors.
create or replace trigger build_errors_updated after update on build_errors
  referencing old table as before new table as changed
  for each statement execute function mark_updated_build_errors();
