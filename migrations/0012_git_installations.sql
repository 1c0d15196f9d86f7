-- migrate:up

-- Which installations of the GitHub App are whose. Anybody may connect a repository by its ids;
-- the App reads it for those accounts only that its operator gave the installation to.
create table git_installations (
  account_id text not null references accounts on delete cascade,
  installation_id text not null check (length(installation_id) between 1 and 20),
  created_on timestamptz not null default now(),
  primary key (account_id, installation_id)
);

-- migrate:down

drop table git_installations;
