-- See forget_error_counts.
create or replace trigger build_errors_truncated after truncate on build_errors
  for each statement execute function forget_error_counts();
