import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from './api/api.ts'
import { router } from './router.tsx'
import './styles.css'

const queries = new QueryClient({
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
