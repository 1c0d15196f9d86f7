-- migrate:up

-- The current text of two functions, as it is in packages/store/sql/: only their comments change.
create or replace function record_build_event() returns trigger language plpgsql as $$
declare
  happened text[] := '{}';
  recorded record;
begin
  if not exists (select from event_subscriptions where account_id = new.account_id and enabled) then
    return null;
  end if;
  if new.running_on is not null and old.running_on is null then
    happened := happened || 'build.started'::text;
  end if;
  if new.status = 'stopped' then
    -- A skipped build makes no event.
    happened := happened || case new.build_outcome
      when 'success' then array['build.succeeded']
      when 'fail' then array['build.failed']
      when 'terminated' then array['build.failed']
      when 'cancelled' then array['build.canceled']
      else '{}'::text[] end;
  end if;
  for recorded in
    insert into build_events (account_id, build_id, event, status, build_outcome, build_created_on,
      initializing_on, running_on, stopped_on)
    select new.account_id, new.build_id, h.event,
      case h.event when 'build.started' then 'running' else new.status end,
      case h.event when 'build.started' then null else new.build_outcome end,
      new.created_on, new.initializing_on, new.running_on,
      case h.event when 'build.started' then null else new.stopped_on end
    from unnest(happened) with ordinality as h (event, place)
    where exists (
      select from event_subscriptions s
      where s.account_id = new.account_id and s.enabled and s.events ? h.event
        and (s.script_tag is null or s.script_tag = new.script_tag))
    order by h.place
    on conflict do nothing
    returning build_event_id, event
  loop
    insert into event_deliveries (build_event_id, event_subscription_id, due_on)
    select recorded.build_event_id, s.event_subscription_id,
      -- A failure waits this long for its cause, which the scan finds; the scan makes it due at once.
      case recorded.event when 'build.failed' then now() + interval '3 minutes' else now() end
    from event_subscriptions s
    where s.account_id = new.account_id and s.enabled and s.events ? recorded.event
      and (s.script_tag is null or s.script_tag = new.script_tag);
  end loop;
  return null;
end $$;

create or replace function record_build_report() returns trigger language plpgsql as $$
begin
  insert into build_reports (build_id, repo_connection_uuid, due_on)
  select new.build_id, r.repo_connection_uuid,
    -- A failure waits this long for its cause, which the scan finds; the scan makes it due at once.
    case when new.build_outcome in ('fail', 'terminated')
        and not exists (select from build_error_scans where build_id = new.build_id)
      then now() + interval '3 minutes' else now() end
  from triggers t join repo_connections r using (repo_connection_uuid)
  where t.trigger_uuid = new.trigger_uuid and r.deleted_on is null and r.disconnect_reason is null
    -- Without an installation or a grant there is no access to the provider.
    and case r.provider_type
      when 'github' then exists (select from git_installations i where i.account_id = r.account_id)
      else r.grant_id is not null end
  on conflict (build_id) do update
    set due_on = excluded.due_on, attempts = 0, revision = build_reports.revision + 1
    where build_reports.given_up_reason is null;
  return null;
end $$;

-- migrate:down

create or replace function record_build_event() returns trigger language plpgsql as $$
declare
  happened text[] := '{}';
  recorded record;
begin
  if not exists (select from event_subscriptions where account_id = new.account_id and enabled) then
    return null;
  end if;
  if new.running_on is not null and old.running_on is null then
    happened := happened || 'build.started'::text;
  end if;
  if new.status = 'stopped' then
    -- A skipped build never was, and nobody is told.
    happened := happened || case new.build_outcome
      when 'success' then array['build.succeeded']
      when 'fail' then array['build.failed']
      when 'terminated' then array['build.failed']
      when 'cancelled' then array['build.canceled']
      else '{}'::text[] end;
  end if;
  for recorded in
    insert into build_events (account_id, build_id, event, status, build_outcome, build_created_on,
      initializing_on, running_on, stopped_on)
    select new.account_id, new.build_id, h.event,
      case h.event when 'build.started' then 'running' else new.status end,
      case h.event when 'build.started' then null else new.build_outcome end,
      new.created_on, new.initializing_on, new.running_on,
      case h.event when 'build.started' then null else new.stopped_on end
    from unnest(happened) with ordinality as h (event, place)
    where exists (
      select from event_subscriptions s
      where s.account_id = new.account_id and s.enabled and s.events ? h.event
        and (s.script_tag is null or s.script_tag = new.script_tag))
    order by h.place
    on conflict do nothing
    returning build_event_id, event
  loop
    insert into event_deliveries (build_event_id, event_subscription_id, due_on)
    select recorded.build_event_id, s.event_subscription_id,
      -- A failure is told with its cause: the scan brings it forward, and this is how long it is
      -- waited for.
      case recorded.event when 'build.failed' then now() + interval '3 minutes' else now() end
    from event_subscriptions s
    where s.account_id = new.account_id and s.enabled and s.events ? recorded.event
      and (s.script_tag is null or s.script_tag = new.script_tag);
  end loop;
  return null;
end $$;

create or replace function record_build_report() returns trigger language plpgsql as $$
begin
  insert into build_reports (build_id, repo_connection_uuid, due_on)
  select new.build_id, r.repo_connection_uuid,
    -- A failure is told with its cause: the scan brings it forward, and this is how long it is
    -- waited for.
    case when new.build_outcome in ('fail', 'terminated')
        and not exists (select from build_error_scans where build_id = new.build_id)
      then now() + interval '3 minutes' else now() end
  from triggers t join repo_connections r using (repo_connection_uuid)
  where t.trigger_uuid = new.trigger_uuid and r.deleted_on is null and r.disconnect_reason is null
    -- Nobody is asked who has not let us in.
    and case r.provider_type
      when 'github' then exists (select from git_installations i where i.account_id = r.account_id)
      else r.grant_id is not null end
  on conflict (build_id) do update
    set due_on = excluded.due_on, attempts = 0, revision = build_reports.revision + 1
    where build_reports.given_up_reason is null;
  return null;
end $$;
