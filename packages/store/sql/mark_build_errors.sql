-- Marks the hours whose errors a statement inserted or deleted, in the writer's own transaction, so that
-- no reader uses the counts of these hours until `store.errorCounts.recount` has counted them again.
-- Called by build_errors_inserted and build_errors_deleted.
create or replace function mark_build_errors() returns trigger language plpgsql as $$
begin
  insert into error_marks (hour) select distinct hour_of(stopped_on) from changed;
  return null;
end
$$;
