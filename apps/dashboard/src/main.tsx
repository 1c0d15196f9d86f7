import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from './api/api.ts'
import { sessionQuery } from './api/queries.ts'
import { router } from './router.tsx'
import './styles.css'

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A sign-in that is over is noticed by whichever view reads something next.
    onError: (error, { queryKey }) => {
      const isOver = error instanceof ApiError && error.status === 401
      if (isOver && queryKey[0] !== 'session') void queries.resetQueries(sessionQuery)
    },
  }),
  defaultOptions: {
    queries: {
      // What the API refuses it refuses again; a lost connection comes back.
      retry: (count, error) => count < 3 && !(error instanceof ApiError && error.status < 500),
      staleTime: 1_000,
    },
  },
})

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
