import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { Build, Trigger, WebhookDeliveryView } from '@workers-builds/contracts'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { deliveriesQuery, triggersQuery } from '../api/queries.ts'
import { Ago } from '../parts/ago.tsx'
import { Failure, Loading } from '../parts/notice.tsx'

/** The triggers of a Worker: what they build, a build of any branch or commit, and their caches. */
export function Triggers({ account_id, script_tag }: { account_id: string; script_tag: string }) {
  const triggers = useQuery(triggersQuery(account_id, script_tag))
  if (triggers.error)
    return <Failure error={triggers.error} onRetry={() => void triggers.refetch()} />
  if (triggers.data === undefined) return <Loading />
  if (triggers.data.length === 0) return <p>No repository is connected to this Worker.</p>
  return (
    <>
      {triggers.data.map((trigger) => (
        <section key={trigger.trigger_uuid} className="trigger">
          <h2>{trigger.trigger_name}</h2>
          <p className="quiet">
            {'Builds '}
            <code>{trigger.branch_includes.join(', ')}</code>
            {trigger.branch_excludes.length > 0 && (
              <>
                {' but '}
                <code>{trigger.branch_excludes.join(', ')}</code>
              </>
            )}
            {' with '}
            <code>{trigger.build_command || 'no build command'}</code>
            {', then '}
            <code>{trigger.deploy_command || 'no deploy command'}</code>
          </p>
          <StartBuild account_id={account_id} trigger={trigger} />
        </section>
      ))}
      {[
        ...new Set(triggers.data.map((trigger) => trigger.repo_connection.repo_connection_uuid)),
      ].map((uuid) => (
        <Deliveries key={uuid} account_id={account_id} repo_connection_uuid={uuid} />
      ))}
    </>
  )
}

/** What came of the newest events of a repository: why a push made no build stands here. */
function Deliveries({
  account_id,
  repo_connection_uuid,
}: {
  account_id: string
  repo_connection_uuid: string
}) {
  const deliveries = useQuery(deliveriesQuery(account_id, repo_connection_uuid))
  if (deliveries.error)
    return <Failure error={deliveries.error} onRetry={() => void deliveries.refetch()} />
  return (
    <section>
      <h2>What came of the newest events</h2>
      {deliveries.data?.length === 0 && <p>The repository has sent none yet.</p>}
      <ul className="rows">
        {deliveries.data?.map(({ delivery_id, event, received_on, result }) => (
          <li key={delivery_id} className="row">
            <Ago iso={received_on} />
            <code>{event}</code>
            <span className="message">{outcomeOf(result)}</span>
            {result?.build_uuids.map((build_uuid) => (
              <Link
                key={build_uuid}
                to="/$account_id/builds/$build_uuid"
                params={{ account_id, build_uuid }}
              >
                its build
              </Link>
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

function outcomeOf(result: WebhookDeliveryView['result']): string {
  if (result === null) return 'What came of it was not recorded'
  const reasons = result.decisions.map(({ reason }) => reason)
  return result.ignored ?? ([...new Set(reasons)].join('; ') || 'It was taken')
}

function StartBuild({ account_id, trigger }: { account_id: string; trigger: Trigger }) {
  const navigate = useNavigate()
  const [branch, setBranch] = useState('')
  const [commit_hash, setCommit] = useState('')
  const path = `/accounts/${account_id}/builds/triggers/${trigger.trigger_uuid}`
  const start = useMutation({
    mutationFn: () =>
      call<Build>(`${path}/builds`, {
        method: 'POST',
        body: { ...(branch !== '' && { branch }), ...(commit_hash !== '' && { commit_hash }) },
      }),
    onSuccess: ({ build_uuid }) =>
      navigate({ to: '/$account_id/builds/$build_uuid', params: { account_id, build_uuid } }),
  })
  const purge = useMutation({
    mutationFn: () => call(`${path}/purge_build_cache`, { method: 'POST', body: {} }),
  })
  const error = start.error ?? purge.error
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault()
        start.mutate()
      }}
    >
      <label>
        Branch <input value={branch} onChange={({ target }) => setBranch(target.value.trim())} />
      </label>
      <label>
        Commit{' '}
        <input
          value={commit_hash}
          placeholder="the newest"
          onChange={({ target }) => setCommit(target.value.trim())}
        />
      </label>
      <button type="submit" disabled={start.isPending || (branch === '' && commit_hash === '')}>
        {start.isPending ? 'Starting …' : 'Build'}
      </button>
      <button type="button" disabled={purge.isPending} onClick={() => purge.mutate()}>
        {purge.isSuccess ? 'Cache purged' : 'Purge the cache'}
      </button>
      {error !== null && (
        <p className="field-error" role="alert">
          {error.message}
        </p>
      )}
    </form>
  )
}
