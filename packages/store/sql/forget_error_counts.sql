-- Deletes all counts of errors, because there are no errors any more. Called by build_errors_truncated.
create or replace function forget_error_counts() returns trigger language plpgsql as $$
begin
  delete from error_periods;
  delete from error_marks;
  return null;
end
$$;
