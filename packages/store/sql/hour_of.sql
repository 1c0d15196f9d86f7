-- The number of a moment's hour, counted from 1970. `error_periods` and `error_marks` number hours so.
create or replace function hour_of(moment timestamptz) returns integer language sql stable strict
  return floor(extract(epoch from moment) / 3600)::integer;
