-- migrate:up

-- A secret address that builds one branch of one Worker when it is called.
create table deploy_hooks (
  deploy_hook_uuid uuid primary key default gen_random_uuid(),
  account_id text not null references accounts on delete cascade,
  script_tag text not null references workers on delete cascade,
  deploy_hook_name text not null check (length(deploy_hook_name) between 1 and 58),
  branch text not null check (length(branch) between 1 and 255),
  -- While a call asks the Git provider for the branch's head, others wait for its build.
  resolving_until timestamptz,
  created_on timestamptz not null default now(),
  modified_on timestamptz not null default now(),
  deleted_on timestamptz
);
create index deploy_hooks_worker on deploy_hooks (script_tag) where deleted_on is null;
create index deploy_hooks_account on deploy_hooks (account_id);

alter table builds add column deploy_hook_uuid uuid references deploy_hooks on delete set null;
create index builds_deploy_hook on builds (deploy_hook_uuid, build_id desc)
  where deploy_hook_uuid is not null;

-- The row that calls of one account's hooks lock while they are counted. The account's own row is
-- Scheduler's to lock: an outsider who calls a hook in a loop must not make it skip the account.
create table deploy_hook_quotas (
  account_id text primary key references accounts on delete cascade
);
-- The calls of the last minute that went on to start a build.
create table deploy_hook_runs (
  deploy_hook_run_id bigint generated always as identity primary key,
  account_id text not null references accounts on delete cascade,
  script_tag text not null references workers on delete cascade,
  started_on timestamptz not null
);
create index deploy_hook_runs_account on deploy_hook_runs (account_id, started_on);
create index deploy_hook_runs_worker on deploy_hook_runs (script_tag);

-- Who is told of which builds, and where.
create table event_subscriptions (
  event_subscription_id text primary key check (event_subscription_id ~ '^[0-9a-f]{32}$'),
  account_id text not null references accounts on delete cascade,
  -- Null: every Worker of the account.
  script_tag text references workers on delete cascade,
  subscription_name text not null check (length(subscription_name) between 1 and 100),
  events jsonb not null check (jsonb_typeof(events) = 'array'),
  enabled boolean not null default true,
  -- Why we switched it off ourselves.
  disabled_reason text,
  destination_type text not null check (destination_type in ('queues.queue', 'webhook')),
  queue_id text,
  url text,
  secret_sealed text,
  -- Since when no delivery has succeeded.
  failing_since timestamptz,
  created_on timestamptz not null default now(),
  modified_on timestamptz not null default now(),
  check ((destination_type = 'queues.queue') = (queue_id is not null)),
  check ((destination_type = 'webhook') = (url is not null and secret_sealed is not null))
);
create index event_subscriptions_account on event_subscriptions (account_id);
create index event_subscriptions_worker on event_subscriptions (script_tag);

-- The outbox: what happened to builds that somebody wants to be told of, as it was at that moment.
create table build_events (
  build_event_id bigint generated always as identity primary key,
  event_uuid uuid not null unique default gen_random_uuid(),
  account_id text not null references accounts on delete cascade,
  -- Null in a test event.
  build_id bigint references builds on delete cascade,
  event text not null check (event in (
    'build.started', 'build.succeeded', 'build.failed', 'build.canceled')),
  status text not null,
  build_outcome text,
  build_created_on timestamptz not null,
  initializing_on timestamptz,
  running_on timestamptz,
  stopped_on timestamptz,
  created_on timestamptz not null default now(),
  unique (build_id, event)
);
create index build_events_account on build_events (account_id);
create index build_events_created on build_events (created_on);

create table event_deliveries (
  event_delivery_uuid uuid primary key default gen_random_uuid(),
  build_event_id bigint not null references build_events on delete cascade,
  event_subscription_id text not null references event_subscriptions on delete cascade,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0 check (attempts >= 0),
  -- When to try next; a try that is under way has moved it on, for the case that it dies.
  due_on timestamptz,
  attempted_on timestamptz,
  delivered_on timestamptz,
  response_status integer,
  error text check (length(error) <= 500),
  created_on timestamptz not null default now(),
  unique (build_event_id, event_subscription_id),
  check ((status = 'pending') = (due_on is not null)),
  check ((status = 'delivered') = (delivered_on is not null))
);
create index event_deliveries_due on event_deliveries (due_on, event_subscription_id)
  where status = 'pending';
create index event_deliveries_subscription
  on event_deliveries (event_subscription_id, build_event_id desc);

-- Whoever changes a build's status, in whatever statement, writes the event with it. A database
-- trigger because there are many such statements, and one that forgot would tell nobody.
create function record_build_event() returns trigger language plpgsql as $$
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

create trigger builds_record_event after update of status on builds
  for each row when (new.status is distinct from old.status)
  execute function record_build_event();

-- The scan of a failed build is stored: whoever waits for the cause is told now.
create function release_failed_events() returns trigger language plpgsql as $$
begin
  update event_deliveries d set due_on = now()
  from scans s join build_events e on e.build_id = s.build_id and e.event = 'build.failed'
  where d.build_event_id = e.build_event_id and d.status = 'pending' and d.attempts = 0
    and d.due_on > now();
  return null;
end $$;

create trigger build_error_scans_release_events after insert on build_error_scans
  referencing new table as scans
  for each statement execute function release_failed_events();

-- migrate:down

drop trigger build_error_scans_release_events on build_error_scans;
drop trigger builds_record_event on builds;
drop function release_failed_events();
drop function record_build_event();
drop table event_deliveries, build_events, event_subscriptions, deploy_hook_runs, deploy_hook_quotas;
alter table builds drop column deploy_hook_uuid;
drop table deploy_hooks;
