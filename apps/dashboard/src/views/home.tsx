import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { sessionQuery } from '../api/queries.ts'
import { Notice } from '../parts/notice.tsx'

/** The accounts that one may see; the only one at once. */
export function Home() {
  const { data: session } = useQuery(sessionQuery)
  if (session === undefined) return null
  const [first, ...others] = session.accounts
  if (first === undefined) {
    return (
      <Notice title="This token may see no account">
        <p>Sign in with a token of an account, to see its Workers and builds.</p>
      </Notice>
    )
  }
  if (others.length === 0) {
    return <Navigate to="/$account_id" params={{ account_id: first.account_id }} replace />
  }
  return (
    <section>
      <h1>Accounts</h1>
      <ul className="cards">
        {session.accounts.map(({ account_id, account_name }) => (
          <li key={account_id}>
            <Link to="/$account_id" params={{ account_id }}>
              {account_name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
