-- Marks the hours that a statement's errors were in before and are in afterwards, as mark_build_errors
-- does. Called by build_errors_updated.
create or replace function mark_updated_build_errors() returns trigger language plpgsql as $$
begin
  insert into error_marks (hour)
  select hour_of(stopped_on) from before union select hour_of(stopped_on) from changed;
  return null;
end
$$;
