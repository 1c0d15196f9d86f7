import type { Sql } from '../src/sql.ts'

/** Like a platform's: a few groups are most of the errors, a third is had by an account or two. */
const ACCOUNTS = 5_000
const COMMON_GROUPS = 2_000
const RARE_GROUPS = 1_000

/**
 * Fills an empty database with failed builds of the last `years`, and what was found in them. While
 * it does, triggers and foreign keys are off; the marks that triggers would have made are made after.
 */
export async function fill(
  sql: Sql,
  { builds, errors, years }: { builds: number; errors: number; years: number },
): Promise<void> {
  await sql`set session_replication_role = replica`
  await sql`set jit = off`
  await fillAccounts(sql)
  await sql`select setseed(0.5)`
  // A build has one error, or up to four.
  const more = (errors / builds - 1) / 3
  await sql`
    create temp table filled as
    select i as build_id, now() - make_interval(secs => ${years * 31_536_000}::float8
        * (1 - power(i / ${builds}::float8, 0.8))) as stopped_on,
      -- Some accounts build far more than others.
      case when random() < 0.7 then 1 + floor(${ACCOUNTS}::integer * power(random(), 2))::integer
        else floor(power(${ACCOUNTS}::integer, random()))::integer end as account,
      1 + (random() < ${more}::float8)::integer + (random() < ${more}::float8)::integer
        + (random() < ${more}::float8)::integer as error_count
    from generate_series(1, ${builds}::integer) i`
  await sql`
    insert into builds (build_id, account_id, script_tag, trigger_uuid, build_trigger_source,
      branch, commit_hash, commit_message, author, settings, status, build_outcome, failure_reason,
      created_on, stopped_on)
    overriding system value
    select build_id, md5('account ' || account), md5('worker ' || account),
      md5('trigger ' || account)::uuid, 'push_event', 'main', repeat('0', 40), 'message', 'author',
      '{}', 'stopped', 'fail', 'build_command_failed', stopped_on - interval '2 minutes', stopped_on
    from filled`
  await sql`
    insert into build_error_scans (build_id, outcome, detector_version, lines_read)
    select build_id, 'detected', 1, 100 from filled`
  await sql`
    create temp table groups as
    select i as number, 'code_' || i * 7919 % 60 as error_code, 'cause_' || i * 7919 % 60 || '_' || i % 3 as cause,
      'Reason ' || i || ': cannot resolve <NAME> from <PATH> ' || md5(i::text) as error_group,
      (array['user', 'user', 'user', 'suspect', 'platform', 'upstream'])[1 + i * 31 % 6] as fault
    from generate_series(1, ${COMMON_GROUPS + RARE_GROUPS}::integer) i`
  await sql`create unique index on groups (number)`
  await sql`analyze groups`
  // An account often fails for reasons of its own.
  await sql`
    insert into build_errors (build_id, error_code, error_group, rank, cause, fault, step, line,
      confidence, account_id, stopped_on)
    select build_id, error_code, error_group, rank, cause, fault, 'building', 10, 0.9,
      md5('account ' || account), stopped_on
    from (
      select filled.*, rank, case
        when random() < 0.25 then 1 + (account * 13 + floor(random() * 5)::integer * 17) % 400
        when random() < 0.01 then ${COMMON_GROUPS}::integer
          + (account * 997 + floor(random() * 3)::integer) % ${RARE_GROUPS}::integer
        else floor(power(${COMMON_GROUPS}::integer, random()))::integer end as number
      from filled cross join lateral generate_series(0, error_count - 1) rank
    ) drawn join groups using (number)
    on conflict do nothing`
  await sql`insert into error_marks (hour) select distinct hour_of(stopped_on) from filled`
  await sql`drop table filled, groups`
  await sql`set session_replication_role = default`
  await sql`vacuum analyze`
}

async function fillAccounts(sql: Sql): Promise<void> {
  const each = sql`from generate_series(1, ${ACCOUNTS}::integer) i`
  await sql`
    insert into accounts (account_id, account_name) select md5('account ' || i), i::text ${each}`
  await sql`
    insert into workers (script_tag, account_id, script_name)
    select md5('worker ' || i), md5('account ' || i), i::text ${each}`
  await sql`
    insert into repo_connections (repo_connection_uuid, account_id, provider_type,
      provider_account_id, provider_account_name, repo_id, repo_name, webhook_secret_sealed)
    select md5('repo ' || i)::uuid, md5('account ' || i), 'github', '1', 'o', '1', 'r', 'v' ${each}`
  await sql`
    insert into build_tokens (build_token_uuid, account_id, build_token_name,
      build_token_secret_sealed, cloudflare_token_id)
    select md5('token ' || i)::uuid, md5('account ' || i), 't', 'v', 'x' ${each}`
  await sql`
    insert into triggers (trigger_uuid, script_tag, repo_connection_uuid, build_token_uuid,
      trigger_name, build_command, deploy_command)
    select md5('trigger ' || i)::uuid, md5('worker ' || i), md5('repo ' || i)::uuid,
      md5('token ' || i)::uuid, 'n', 'b', 'd' ${each}`
}
