import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { BuildsList } from './builds-list.tsx'

const route = getRouteApi('/$account_id/builds')

/** The builds of all of an account's Workers. */
export function Builds() {
  const { account_id } = route.useParams()
  const filters = route.useSearch()
  const navigate = useNavigate({ from: '/$account_id/builds' })
  return (
    <section>
      <h1>Builds</h1>
      <BuildsList
        account_id={account_id}
        filters={filters}
        onFilter={(search) => void navigate({ search, replace: true })}
      />
    </section>
  )
}
