import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { workersQuery } from '../api/queries.ts'
import { BuildsList } from './builds-list.tsx'
import { Triggers } from './triggers.tsx'

const route = getRouteApi('/$account_id/workers/$script_tag')

/** One Worker and its builds. */
export function Worker() {
  const { account_id, script_tag } = route.useParams()
  const filters = route.useSearch()
  const navigate = useNavigate({ from: '/$account_id/workers/$script_tag' })
  const workers = useQuery(workersQuery(account_id))
  const name = workers.data?.find(({ tag }) => tag === script_tag)?.id
  return (
    <section>
      <h1>{name ?? 'Worker'}</h1>
      <details className="settings">
        <summary>What is built, and a build of any branch or commit</summary>
        <Triggers account_id={account_id} script_tag={script_tag} />
      </details>
      <BuildsList
        account_id={account_id}
        script_tag={script_tag}
        filters={filters}
        onFilter={(search) => void navigate({ search, replace: true })}
      />
    </section>
  )
}
