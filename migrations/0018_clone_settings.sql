-- migrate:up

-- How a trigger's builds clone: commits of history (0: all), submodules, and further repositories
-- that the clone's credentials read.
alter table triggers
  add column clone_depth integer not null default 1 check (clone_depth >= 0),
  add column clone_submodules boolean not null default true,
  add column clone_repositories jsonb not null default '[]'
    check (jsonb_typeof(clone_repositories) = 'array');

-- migrate:down

alter table triggers
  drop column clone_depth,
  drop column clone_submodules,
  drop column clone_repositories;
