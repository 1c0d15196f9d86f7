import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useId } from 'react'
import { signIn } from '../api/api.ts'
import { sessionQuery } from '../api/queries.ts'

const route = getRouteApi('/sign-in')

export function SignIn() {
  const { to = '/' } = route.useSearch()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const id = useId()
  const signing = useMutation({
    mutationFn: signIn,
    onSuccess: async (session) => {
      queries.setQueryData(sessionQuery.queryKey, session)
      await navigate({ href: to, replace: true })
    },
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const token = new FormData(event.currentTarget).get('token')
    if (typeof token === 'string') signing.mutate(token)
  }
  return (
    <form className="sign-in" onSubmit={onSubmit}>
      <h1>Sign in</h1>
      <p>
        With an API token of your account. On one machine, the command that started it prints one.
      </p>
      <label htmlFor={id}>API token</label>
      <input
        id={id}
        name="token"
        type="password"
        autoComplete="current-password"
        required
        aria-invalid={signing.isError}
        aria-describedby={`${id}-error`}
      />
      <p id={`${id}-error`} className="field-error" role="alert">
        {signing.error?.message}
      </p>
      <button type="submit" className="primary" disabled={signing.isPending}>
        {signing.isPending ? 'Signing in …' : 'Sign in'}
      </button>
    </form>
  )
}
