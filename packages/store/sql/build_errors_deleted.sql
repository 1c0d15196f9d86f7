-- See mark_build_errors.
create or replace trigger build_errors_deleted after delete on build_errors
  referencing old table as changed for each statement execute function mark_build_errors();
