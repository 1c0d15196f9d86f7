-- migrate:up

-- The last good build of a trigger, which the scan of a failed one asks for.
create index builds_good on builds (trigger_uuid, build_id desc) where build_outcome = 'success';

-- migrate:down

drop index builds_good;
