-- migrate:up

-- Who may call the API with a JWT of Cloudflare Access: a person by the e-mail address that the
-- identity provider vouches for, a service by the Client ID of its service token (`common_name`).
create table access_identities (
  access_identity_uuid uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('email', 'service')),
  name text not null check (name <> '' and (kind <> 'email' or name = lower(name))),
  -- May use the cross-account views under /internal.
  is_platform boolean not null default false,
  created_on timestamptz not null default now(),
  expires_on timestamptz,
  unique (kind, name)
);

create table access_identity_accounts (
  access_identity_uuid uuid not null references access_identities on delete cascade,
  account_id text not null references accounts on delete cascade,
  permission text not null check (permission in ('read', 'write')),
  primary key (access_identity_uuid, account_id)
);
create index access_identity_accounts_account on access_identity_accounts (account_id);

-- The build completion rate: what was started in a time.
create index builds_started on builds (initializing_on) where initializing_on is not null;

-- migrate:down

drop index builds_started;
drop table access_identity_accounts, access_identities;
