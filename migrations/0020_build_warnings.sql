-- migrate:up

-- What the runner warned of, masked: a list of texts.
alter table builds
  add column warnings jsonb not null default '[]' check (jsonb_typeof(warnings) = 'array');

-- migrate:down

alter table builds drop column warnings;
