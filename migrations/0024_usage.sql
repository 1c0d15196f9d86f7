-- migrate:up

-- What a build used of its container: BuildUsage in contracts.
alter table builds add column usage jsonb;

-- migrate:down

alter table builds drop column usage;
