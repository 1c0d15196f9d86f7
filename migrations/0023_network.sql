-- migrate:up

-- What a build command reaches: `none` is nothing outside of its machine.
alter table triggers
  add column network text not null default 'full' check (network in ('full', 'none'));

-- migrate:down

alter table triggers drop column network;
