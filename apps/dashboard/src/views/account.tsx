import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { latestBuildsQuery, workersQuery } from '../api/queries.ts'
import { Ago } from '../parts/ago.tsx'
import { shortHash } from '../parts/format.ts'
import { Failure, Loading, Notice } from '../parts/notice.tsx'
import { State } from '../parts/state.tsx'

const route = getRouteApi('/$account_id')

/** The account's Workers, each with its newest build. */
export function Account() {
  const { account_id } = route.useParams()
  const workers = useQuery(workersQuery(account_id))
  const tags = workers.data?.map(({ tag }) => tag) ?? []
  const latest = useQuery({ ...latestBuildsQuery(account_id, tags), enabled: tags.length > 0 })
  if (workers.error) return <Failure error={workers.error} onRetry={() => void workers.refetch()} />
  if (workers.data === undefined) return <Loading />
  if (workers.data.length === 0) {
    return (
      <Notice title="No Worker yet">
        <p>
          Register one with <code>POST /client/v4/accounts/{account_id}/workers/workers</code>,
          connect its repository, and push.
        </p>
      </Notice>
    )
  }
  return (
    <section>
      <h1>Workers</h1>
      <ul className="rows">
        {workers.data.map(({ id, tag }) => {
          const build = latest.data?.[tag]
          return (
            <li key={tag} className="row">
              <Link
                to="/$account_id/workers/$script_tag"
                params={{ account_id, script_tag: tag }}
                className="row-name"
              >
                {id}
              </Link>
              {build === undefined ? (
                <span className="quiet">{latest.isSuccess ? 'No build yet' : ''}</span>
              ) : (
                <Link
                  to="/$account_id/builds/$build_uuid"
                  params={{ account_id, build_uuid: build.build_uuid }}
                  className="row-build"
                >
                  <State build={build} />
                  <span className="message">
                    {build.build_trigger_metadata.commit_message.split('\n')[0]}
                  </span>
                  <code>{build.build_trigger_metadata.branch}</code>
                  <code>{shortHash(build.build_trigger_metadata.commit_hash)}</code>
                  <Ago iso={build.created_on} />
                </Link>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
