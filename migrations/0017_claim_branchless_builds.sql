-- migrate:up

-- The current text of the function, as it is in packages/store/sql/: a build without a branch runs
-- beside no other build of its trigger.
create or replace function claim_builds(claim_seconds integer, confirmation_seconds integer)
returns setof bigint
language plpgsql as $$
declare
  locked text[];
begin
  -- The accounts are locked in a statement of its own before their builds are counted in the next,
  -- which therefore sees all that an earlier claim did; counting without the lock, or in the same
  -- snapshot, lets two schedulers both see a free slot. It is a lock beside which builds may be
  -- inserted: an account that many push to would otherwise be skipped again and again.
  select array_agg(account_id) into locked from (
    select account_id from accounts
    where account_id in (
      select account_id from builds
      where status = 'queued'
        and (claimed_on is null or claimed_on < now() - make_interval(secs => claim_seconds)))
    order by account_id
    for no key update skip locked
  ) a;
  if locked is null then
    return;
  end if;

  return query
  with candidates as (
    select b.build_id, b.account_id,
      row_number() over (partition by b.trigger_uuid, b.branch order by b.build_id) as place
    from builds b
      join workers w on w.script_tag = b.script_tag and w.deleted_on is null
    where b.account_id = any(locked) and b.status = 'queued' and b.claimed_on is null
      and not exists (
        select from builds other
        where other.trigger_uuid = b.trigger_uuid and other.branch = b.branch
          and other.status <> 'stopped' and other.claimed_on is not null)
      -- A build without a branch may deploy where any build of its trigger does, so that it takes its
      -- turn among all of them.
      and not exists (
        select from builds other
        where other.trigger_uuid = b.trigger_uuid and other.branch = '' and b.branch <> ''
          and other.status <> 'stopped' and (other.claimed_on is not null or other.build_id < b.build_id))
      and (b.branch <> '' or not exists (
        select from builds other
        where other.trigger_uuid = b.trigger_uuid and other.branch <> ''
          and other.status <> 'stopped' and (other.claimed_on is not null or other.build_id < b.build_id)))
  ), waiting as (
    select build_id, account_id, row_number() over (partition by account_id order by build_id) as place
    from candidates where place = 1
  ), free as (
    select a.account_id, a.max_concurrent_builds - count(b.build_id) as slots
    from accounts a left join builds b
      on b.account_id = a.account_id and b.claimed_on is not null and b.status <> 'stopped'
    where a.account_id = any(locked)
    group by a.account_id
  ), ready as (
    select build_id, place as turn from waiting join free using (account_id)
    where place <= slots
    union all
    select b.build_id, 0 as turn from builds b
      join workers w on w.script_tag = b.script_tag and w.deleted_on is null
    where b.account_id = any(locked) and b.status = 'queued'
      and b.claimed_on < now() - make_interval(secs => claim_seconds)
  ), claimed as (
    update builds b
    set claimed_on = now(), modified_on = now(),
      overdue_on = coalesce(overdue_on, now() + make_interval(secs => confirmation_seconds))
    from ready
    where b.build_id = ready.build_id and b.status = 'queued'
    returning b.build_id, ready.turn
  )
  select build_id from claimed order by turn, build_id;
end $$;

-- migrate:down

create or replace function claim_builds(claim_seconds integer, confirmation_seconds integer)
returns setof bigint
language plpgsql as $$
declare
  locked text[];
begin
  -- The accounts are locked in a statement of its own before their builds are counted in the next,
  -- which therefore sees all that an earlier claim did; counting without the lock, or in the same
  -- snapshot, lets two schedulers both see a free slot. It is a lock beside which builds may be
  -- inserted: an account that many push to would otherwise be skipped again and again.
  select array_agg(account_id) into locked from (
    select account_id from accounts
    where account_id in (
      select account_id from builds
      where status = 'queued'
        and (claimed_on is null or claimed_on < now() - make_interval(secs => claim_seconds)))
    order by account_id
    for no key update skip locked
  ) a;
  if locked is null then
    return;
  end if;

  return query
  with candidates as (
    select b.build_id, b.account_id,
      row_number() over (partition by b.trigger_uuid, b.branch order by b.build_id) as place
    from builds b
      join workers w on w.script_tag = b.script_tag and w.deleted_on is null
    where b.account_id = any(locked) and b.status = 'queued' and b.claimed_on is null
      and not exists (
        select from builds other
        where other.trigger_uuid = b.trigger_uuid and other.branch = b.branch
          and other.status <> 'stopped' and other.claimed_on is not null)
  ), waiting as (
    select build_id, account_id, row_number() over (partition by account_id order by build_id) as place
    from candidates where place = 1
  ), free as (
    select a.account_id, a.max_concurrent_builds - count(b.build_id) as slots
    from accounts a left join builds b
      on b.account_id = a.account_id and b.claimed_on is not null and b.status <> 'stopped'
    where a.account_id = any(locked)
    group by a.account_id
  ), ready as (
    select build_id, place as turn from waiting join free using (account_id)
    where place <= slots
    union all
    select b.build_id, 0 as turn from builds b
      join workers w on w.script_tag = b.script_tag and w.deleted_on is null
    where b.account_id = any(locked) and b.status = 'queued'
      and b.claimed_on < now() - make_interval(secs => claim_seconds)
  ), claimed as (
    update builds b
    set claimed_on = now(), modified_on = now(),
      overdue_on = coalesce(overdue_on, now() + make_interval(secs => confirmation_seconds))
    from ready
    where b.build_id = ready.build_id and b.status = 'queued'
    returning b.build_id, ready.turn
  )
  select build_id from claimed order by turn, build_id;
end $$;
