import type { ReactNode } from 'react'
import { ApiError } from '../api/api.ts'

/** A view, or part of one, that has nothing else to show. */
export function Notice({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice" role="status">
      <strong>{title}</strong>
      {children}
    </div>
  )
}

/** Why something could not be read, in the API's words, and how to try again. */
export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const isMissing = error instanceof ApiError && [403, 404].includes(error.status)
  return (
    <div className="notice notice-bad" role="alert">
      <strong>{isMissing ? 'There is nothing here' : 'This could not be read'}</strong>
      <p>{error instanceof ApiError ? error.message : 'The server does not answer.'}</p>
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

export function Loading() {
  return (
    <div className="loading" role="status">
      Loading …
    </div>
  )
}
