-- migrate:up

-- Counts of errors by period, so that the top list, trends and what is new answer at once over any
-- range of two million rows. build_errors stays the truth.
--
-- Nobody who writes build_errors keeps these counts up to date: writers would queue up for the row
-- of the most frequent error, and a number of distinct accounts cannot be subtracted from. A writer
-- only appends a mark that says which hour it touched, in its own transaction, by the trigger below,
-- whatever it is: a scan, a re-scan, the deletion of an account. Counts of a period with a mark are
-- not used: readers take smaller periods, or the rows themselves, so that answers are exact at all
-- times. `store.errorCounts.fold` counts marked periods again and takes away the marks that it saw.

-- A small number for each account: in a set of accounts it is number account_no % 8192 of segment
-- account_no / 8192.
alter table accounts add account_no integer generated always as identity unique;

-- What is counted: all builds with an error, those with an error of one fault, of one code, of one
-- code and cause, and those of one group. What does not apply to a scope is empty.
create table error_kinds (
  kind_id integer generated always as identity primary key,
  scope text not null check (scope in ('all', 'fault', 'code', 'cause', 'group')),
  error_code text not null,
  cause text not null,
  error_group text not null,
  fault text not null,
  -- One number for a group, however many faults it was given over time.
  group_id integer,
  unique (scope, error_code, cause, error_group, fault)
);

-- The periods that are counted. Hours are numbered from 1970; a period has 1, 6, 24, or some days'
-- hours, and starts at a multiple of that, so that a few make up any range.
create table error_periods (
  period_id integer generated always as identity primary key,
  hours integer not null check (hours > 0),
  first_hour integer not null check (first_hour % hours = 0),
  folded_on timestamptz not null default now(),
  unique (hours, first_hour)
);

create table error_counts (
  period_id integer not null references error_periods on delete cascade,
  kind_id integer not null references error_kinds,
  segment integer not null check (segment >= 0),
  -- Builds of the accounts of this segment.
  build_count integer not null check (build_count > 0),
  account_count integer not null check (account_count > 0),
  first_seen_on timestamptz not null,
  last_seen_on timestamptz not null,
  -- Which accounts: a few as their numbers in the segment, many as a set of bits.
  few_accounts smallint[],
  many_accounts bit(8192),
  primary key (period_id, kind_id, segment),
  check ((few_accounts is null) <> (many_accounts is null))
);

-- Builds with several groups of one code and cause, which must not be counted twice where groups are
-- added up: how many have exactly these.
create table error_overlaps (
  period_id integer not null references error_periods on delete cascade,
  kind_ids integer[] not null check (cardinality(kind_ids) > 1),
  build_count integer not null check (build_count > 0)
);
create index error_overlaps_period on error_overlaps (period_id);

-- Hours in which build_errors changed since they were counted. Append-only, without a key: writers
-- never wait for each other, and who folds removes exactly the marks whose changes it has seen.
create table error_marks (
  hour integer not null check (hour >= 0),
  marked_on timestamptz not null default now()
);
create index error_marks_hour on error_marks (hour);

create function hour_of(moment timestamptz) returns integer language sql stable strict
  return floor(extract(epoch from moment) / 3600)::integer;

create function mark_build_errors() returns trigger language plpgsql as $$
begin
  insert into error_marks (hour) select distinct hour_of(stopped_on) from changed;
  return null;
end
$$;
create trigger build_errors_inserted after insert on build_errors
  referencing new table as changed for each statement execute function mark_build_errors();
create trigger build_errors_deleted after delete on build_errors
  referencing old table as changed for each statement execute function mark_build_errors();

create function mark_updated_build_errors() returns trigger language plpgsql as $$
begin
  insert into error_marks (hour)
  select hour_of(stopped_on) from before union select hour_of(stopped_on) from changed;
  return null;
end
$$;
create trigger build_errors_updated after update on build_errors
  referencing old table as before new table as changed
  for each statement execute function mark_updated_build_errors();

create function forget_error_counts() returns trigger language plpgsql as $$
begin
  delete from error_periods;
  delete from error_marks;
  return null;
end
$$;
create trigger build_errors_truncated after truncate on build_errors
  for each statement execute function forget_error_counts();

insert into error_marks (hour) select distinct hour_of(stopped_on) from build_errors;

-- The edges of a range are read from the rows, an account's own list too.
create index build_errors_stopped_on on build_errors (stopped_on);
create index build_errors_account on build_errors (account_id, stopped_on);
drop index build_errors_top;

-- migrate:down

create index build_errors_top on build_errors (stopped_on) include (error_code, cause, error_group, account_id);
drop index build_errors_account;
drop index build_errors_stopped_on;
drop trigger build_errors_truncated on build_errors;
drop trigger build_errors_updated on build_errors;
drop trigger build_errors_deleted on build_errors;
drop trigger build_errors_inserted on build_errors;
drop function forget_error_counts;
drop function mark_updated_build_errors;
drop function mark_build_errors;
drop function hour_of;
drop table error_marks, error_overlaps, error_counts, error_periods, error_kinds;
alter table accounts drop column account_no;
