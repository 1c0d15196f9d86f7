-- See mark_build_errors.
create or replace trigger build_errors_inserted after insert on build_errors
  referencing new table as changed for each statement execute function mark_build_errors();
