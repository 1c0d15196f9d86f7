import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useLocation, useNavigate } from '@tanstack/react-router'
import type { Build, BuildDetails, BuildUsage } from '@workers-builds/contracts'
import { containerDollars } from '@workers-builds/contracts/cost'
import { useEffect, useMemo, useRef } from 'react'
import { call } from '../api/api.ts'
import {
  buildQuery,
  errorsQuery,
  isUnderWay,
  workerErrorsQuery,
  workersQuery,
} from '../api/queries.ts'
import { followLog } from '../log/follow-log.ts'
import { LogModel } from '../log/log-model.ts'
import { LogView } from '../log/log-view.tsx'
import { formatLines, type LineRange, parseLines } from '../log/permalink.ts'
import { Ago } from '../parts/ago.tsx'
import { Explanation } from '../parts/explanation.tsx'
import { formatDuration, shortHash } from '../parts/format.ts'
import { Failure, Loading, Notice } from '../parts/notice.tsx'
import { State } from '../parts/state.tsx'
import { Timeline } from '../parts/timeline.tsx'

const route = getRouteApi('/$account_id/builds/$build_uuid')

/** One build: why it failed, what was done, and its log. */
export function BuildPage() {
  const { account_id, build_uuid } = route.useParams()
  const build = useQuery(buildQuery(account_id, build_uuid))
  if (build.error) return <Failure error={build.error} onRetry={() => void build.refetch()} />
  if (build.data === undefined) return <Loading />
  return <BuildView key={build_uuid} account_id={account_id} build={build.data} />
}

function BuildView({ account_id, build }: { account_id: string; build: BuildDetails }) {
  const { build_uuid } = build
  const { branch, commit_hash, commit_message, author, repo_name, provider_account_name } =
    build.build_trigger_metadata
  const script_tag = build.trigger.external_script_id
  const hasFailed = build.build_outcome === 'fail' || build.build_outcome === 'terminated'
  const workers = useQuery(workersQuery(account_id))
  const errors = useQuery({ ...errorsQuery(account_id, build_uuid), enabled: hasFailed })
  // What was seen before is known once this failure is.
  const seen = useQuery({
    ...workerErrorsQuery(account_id, script_tag, branch),
    enabled: (errors.data?.errors.length ?? 0) > 0 && branch !== '',
  })
  const model = useLog(account_id, build_uuid)
  const [selected, select] = useSelectedLines()
  const [error, ...others] = errors.data?.errors ?? []
  const history = seen.data?.errors.find(
    (one) => one.error_group === error?.error_group && one.last_seen.build_uuid === build_uuid,
  )
  const marks = {
    decisive: error?.line_number,
    errors: others.flatMap(({ line_number }) => line_number ?? []),
  }
  useEffect(() => {
    document.title = `${build.build_outcome ?? build.status} · ${shortHash(commit_hash)} · Workers Builds`
  }, [build.build_outcome, build.status, commit_hash])
  return (
    <section className="build">
      <header className="build-head">
        <p className="crumbs">
          <Link to="/$account_id/workers/$script_tag" params={{ account_id, script_tag }}>
            {workers.data?.find(({ tag }) => tag === script_tag)?.id ?? 'Worker'}
          </Link>
        </p>
        <h1>
          <State build={build} /> <span className="message">{commit_message.split('\n')[0]}</span>
        </h1>
        <p className="facts">
          {branch !== '' && <code>{branch}</code>}{' '}
          <code title={commit_hash}>{shortHash(commit_hash)}</code>
          <span>{author}</span>
          <span>
            {provider_account_name}/{repo_name}
          </span>
          <Ago iso={build.created_on} />
        </p>
        <Actions account_id={account_id} build={build} />
      </header>
      {error !== undefined && (
        <Explanation
          error={error}
          onGoTo={(line) => select({ from: line, to: line })}
          history={history && { account_id, of: history }}
        />
      )}
      {hasFailed && error === undefined && (
        <Unexplained build={build} isRead={errors.data?.scan != null} />
      )}
      {build.warnings.map((warning) => (
        <p key={warning} className="warning">
          {warning}
        </p>
      ))}
      {build.preview_url !== undefined && (
        <p className="preview">
          Preview: <a href={build.preview_url}>{build.preview_url}</a>
        </p>
      )}
      <Timeline build={build} />
      <LogView
        model={model}
        selected={selected}
        onSelect={select}
        marks={marks}
        hasFailed={hasFailed}
        name={build_uuid}
      />
      <Settings build={build} />
    </section>
  )
}

function Unexplained({ build, isRead }: { build: Build; isRead: boolean }) {
  if (!isRead) return <Notice title="Looking for the reason in its log …" />
  return (
    <Notice title="No reason that we know stands in its log">
      <p>
        It ended with <code>{build.failure_reason}</code>.
      </p>
    </Notice>
  )
}

function Actions({ account_id, build }: { account_id: string; build: Build }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const path = `/accounts/${account_id}/builds/builds/${build.build_uuid}`
  const cancel = useMutation({
    mutationFn: () => call(`${path}/cancel`, { method: 'PUT', body: {} }),
    onSuccess: () =>
      queries.invalidateQueries({ queryKey: ['build', account_id, build.build_uuid] }),
  })
  const trigger = `/accounts/${account_id}/builds/triggers/${build.trigger.trigger_uuid}`
  const retry = useMutation({
    mutationFn: async ({ withoutCache }: { withoutCache: boolean }) => {
      if (withoutCache) await call(`${trigger}/purge_build_cache`, { method: 'POST', body: {} })
      return await call<Build>(`${path}/retry`, { method: 'POST', body: {} })
    },
    onSuccess: ({ build_uuid }) =>
      navigate({ to: '/$account_id/builds/$build_uuid', params: { account_id, build_uuid } }),
  })
  const error = cancel.error ?? retry.error
  return (
    <div className="actions">
      {isUnderWay(build) ? (
        <button type="button" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {cancel.isPending ? 'Cancelling …' : 'Cancel'}
        </button>
      ) : (
        <>
          <button
            type="button"
            disabled={retry.isPending}
            onClick={() => retry.mutate({ withoutCache: false })}
          >
            {retry.isPending ? 'Retrying …' : 'Retry'}
          </button>
          {build.trigger.build_caching_enabled && (
            <button
              type="button"
              disabled={retry.isPending}
              onClick={() => retry.mutate({ withoutCache: true })}
            >
              Purge the cache and retry
            </button>
          )}
        </>
      )}
      {error !== null && (
        <p className="field-error" role="alert">
          {error.message}
        </p>
      )}
    </div>
  )
}

function Settings({ build }: { build: Build }) {
  const settings = build.build_trigger_metadata
  const facts = [
    ['Build command', settings.build_command || 'none'],
    ['Deploy command', settings.deploy_command || 'none'],
    ['Root directory', settings.root_directory || '/'],
    ['Started by', settings.build_trigger_source],
    ['Build token', settings.build_token_name],
    ['Variables', Object.keys(settings.environment_variables).join(', ') || 'none'],
    ...(build.version_id === null ? [] : [['Version', build.version_id]]),
    ...(build.usage === null ? [] : [['Container', describeUsage(build.usage)]]),
  ]
  return (
    <details className="settings">
      <summary>Settings it ran with</summary>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

/** What a build used of its container, and what that costs at most. */
function describeUsage(usage: BuildUsage): string {
  const { instance_type, seconds, vcpu_seconds, memory_gib_seconds, disk_gb_seconds } = usage
  const dollars = containerDollars(usage).toFixed(4)
  return `${instance_type}, ${formatDuration(seconds * 1_000)}: ${vcpu_seconds} vCPU-s, ${memory_gib_seconds} GiB-s, ${disk_gb_seconds} GB-s; at most $${dollars}`
}

/** The build's log, which is followed while the view is open. */
function useLog(account_id: string, build_uuid: string): LogModel {
  const model = useRef<LogModel>(undefined)
  model.current ??= new LogModel()
  const current = model.current
  useEffect(() => {
    const end = new AbortController()
    // Where a first reading was given up, as React does once while developing, what came stays.
    const path = `/accounts/${account_id}/builds/builds/${build_uuid}`
    if (current.texts.length === 0) void followLog(current, { path, signal: end.signal })
    return () => end.abort()
  }, [account_id, build_uuid, current])
  return current
}

/** The lines that the address names. */
function useSelectedLines() {
  const { hash } = useLocation()
  const navigate = useNavigate()
  const selected = useMemo(() => parseLines(hash), [hash])
  const select = (range: LineRange | undefined) =>
    void navigate({
      to: '.',
      hash: range === undefined ? '' : formatLines(range),
      replace: true,
      resetScroll: false,
      hashScrollIntoView: false,
    })
  return [selected, select] as const
}
