-- Records the events of a build in `build_events`, and a delivery to each subscription that wants them,
-- in the transaction that changes the build's status. It is a function of the database so that no
-- statement that changes a status can forget the event. Called by builds_record_event;
-- `store.eventDeliveries` takes the deliveries, EventDispatcher sends them.
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
