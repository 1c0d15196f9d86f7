-- Stores scans, and the errors that they found in place of those that earlier scans found. It is one
-- call because a consumer may be far from its database; its two statements see the database one after
-- the other. Called by `store.buildErrorScans.replace`.
--
-- new_scans: [{ build_id, outcome, detector_version, lines_read }]
-- new_errors: [{ build_id, error_code, error_group, rank, cause, fault, step, line, confidence }]
create or replace function store_scans(new_scans jsonb, new_errors jsonb) returns void
language plpgsql as $$
begin
  -- Locks each build, which keeps it from being deleted, and its scan, in the order of build_id: two
  -- batches with the same builds wait for each other instead of deadlocking, and so do a batch and a
  -- deletion. A scan of an older detector than the one stored says that somebody looked, and changes
  -- nothing else.
  with written as (
    insert into build_error_scans as s
      (build_id, outcome, detector_version, lines_read, scanned_on)
    select n.build_id, n.outcome, n.detector_version, n.lines_read, now()
    from jsonb_to_recordset(new_scans)
      as n (build_id bigint, outcome text, detector_version integer, lines_read integer)
    join builds b using (build_id)
    order by n.build_id
    for key share of b
    on conflict (build_id) do update
    set outcome = case when s.detector_version <= excluded.detector_version
        then excluded.outcome else s.outcome end,
      lines_read = case when s.detector_version <= excluded.detector_version
        then excluded.lines_read else s.lines_read end,
      detector_version = greatest(s.detector_version, excluded.detector_version),
      scanned_on = excluded.scanned_on, failed_on = null, attempts = s.attempts + 1
    returning s.build_id
  )
  update builds set scan_due_on = null
  where build_id in (select build_id from written) and scan_due_on is not null;

  -- Begins after the locks, and so sees what another batch has just stored. Errors that are found
  -- again are left as they are: a re-scan writes only what has changed.
  with scanned as (
    select s.build_id
    from jsonb_to_recordset(new_scans) as n (build_id bigint, detector_version integer)
    join build_error_scans s using (build_id, detector_version)
  ),
  found as (
    select e.*, b.account_id, b.stopped_on
    from jsonb_to_recordset(new_errors)
      as e (build_id bigint, error_code text, error_group text, rank integer, cause text,
        fault text, step text, line integer, confidence real)
    join scanned using (build_id)
    join builds b using (build_id)
  ),
  gone as (
    delete from build_errors e using scanned
    where e.build_id = scanned.build_id and not exists (
      select from found
      where found.build_id = e.build_id and found.error_code = e.error_code
        and found.error_group = e.error_group)
  )
  insert into build_errors as e (build_id, error_code, error_group, rank, cause, fault, step,
    line, confidence, account_id, stopped_on)
  select distinct on (f.build_id, f.error_code, f.error_group) f.build_id, f.error_code,
    f.error_group, f.rank, f.cause, f.fault, f.step, f.line, f.confidence, f.account_id, f.stopped_on
  from found f
  order by f.build_id, f.error_code, f.error_group, f.rank
  on conflict (build_id, error_code, error_group) do update
  set rank = excluded.rank, cause = excluded.cause, fault = excluded.fault,
    step = excluded.step, line = excluded.line, confidence = excluded.confidence
  where (e.rank, e.cause, e.fault, e.step, e.line, e.confidence) is distinct from
    (excluded.rank, excluded.cause, excluded.fault, excluded.step, excluded.line,
      excluded.confidence);
end $$;
