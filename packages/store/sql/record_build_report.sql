-- Records that a build's Git provider has something new to show, in the transaction that changes the
-- build's status, as record_build_event does for subscriptions. Called by builds_record_report;
-- `store.buildReports` takes the reports, BuildReporter sends them.
create or replace function record_build_report() returns trigger language plpgsql as $$
begin
  insert into build_reports (build_id, repo_connection_uuid, due_on)
  select new.build_id, r.repo_connection_uuid,
    -- A failure waits this long for its cause, which the scan finds; the scan makes it due at once.
    case when new.build_outcome in ('fail', 'terminated')
        and not exists (select from build_error_scans where build_id = new.build_id)
      then now() + interval '3 minutes' else now() end
  from triggers t join repo_connections r using (repo_connection_uuid)
  where t.trigger_uuid = new.trigger_uuid and r.deleted_on is null and r.disconnect_reason is null
    -- Without an installation or a grant there is no access to the provider.
    and case r.provider_type
      when 'github' then exists (select from git_installations i where i.account_id = r.account_id)
      else r.grant_id is not null end
  on conflict (build_id) do update
    set due_on = excluded.due_on, attempts = 0, revision = build_reports.revision + 1
    where build_reports.given_up_reason is null;
  return null;
end $$;
