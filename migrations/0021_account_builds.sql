-- migrate:up

-- The builds of an account, newest first.
create index builds_account on builds (account_id, build_id desc);

-- migrate:down

drop index builds_account;
