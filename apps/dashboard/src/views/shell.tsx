import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Navigate, Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { ApiError, signOut } from '../api/api.ts'
import { sessionQuery } from '../api/queries.ts'
import { Failure, Loading } from '../parts/notice.tsx'

/** Open to everyone. */
const OPEN = /^\/(?:sign-in|explain|docs(?:\/.*)?)$/

/** What surrounds every view. Asks who does not know us to sign in, and leads back. */
export function Shell() {
  const { pathname, href } = useLocation()
  const isOpen = OPEN.test(pathname)
  const session = useQuery({ ...sessionQuery, enabled: pathname !== '/sign-in' })
  const isUnknown = session.error instanceof ApiError && session.error.status === 401
  if (isUnknown && !isOpen)
    return <Navigate to="/sign-in" search={href === '/' ? {} : { to: href }} />
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Head isSignedIn={session.isSuccess} />
      <main id="main">
        {isOpen || session.isSuccess ? (
          <Outlet />
        ) : session.error !== null ? (
          <Failure error={session.error} onRetry={() => void session.refetch()} />
        ) : (
          <Loading />
        )}
      </main>
    </>
  )
}

function Head({ isSignedIn }: { isSignedIn: boolean }) {
  const { account_id } = useParams({ strict: false })
  const { data: session } = useQuery({ ...sessionQuery, enabled: isSignedIn })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const accounts = session?.accounts ?? []
  return (
    <header className="head">
      <Link to="/" className="brand">
        <img src="/icon.svg" alt="" width="24" height="24" />
        Workers Builds
      </Link>
      {account_id !== undefined && (
        <nav aria-label="Account">
          <Link to="/$account_id" params={{ account_id }} activeOptions={{ exact: true }}>
            Workers
          </Link>
          <Link to="/$account_id/builds" params={{ account_id }} activeOptions={{ exact: true }}>
            Builds
          </Link>
        </nav>
      )}
      <div className="head-end">
        <Link to="/explain">Explain a log</Link>
        <Link to="/docs">Docs</Link>
        {accounts.length > 1 && (
          <select
            aria-label="Account"
            value={account_id ?? ''}
            onChange={(event) =>
              void navigate({ to: '/$account_id', params: { account_id: event.target.value } })
            }
          >
            {account_id === undefined && <option value="">Choose an account</option>}
            {accounts.map((account) => (
              <option key={account.account_id} value={account.account_id}>
                {account.account_name}
              </option>
            ))}
          </select>
        )}
        {isSignedIn && session?.csrf_token !== null && (
          <button
            type="button"
            onClick={async () => {
              await signOut()
              queries.clear()
              await navigate({ to: '/sign-in' })
            }}
          >
            Sign out
          </button>
        )}
      </div>
    </header>
  )
}
