import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Build, Trigger } from '@workers-builds/contracts'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { triggersQuery } from '../api/queries.ts'
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
    </>
  )
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
