import { openStore, type Store } from '@workers-builds/store'

/**
 * Does `work` with a connection to Postgres of its own, which ends with it: while one is open, a
 * Durable Object cannot hibernate. It is made when it is first used.
 */
export async function withStore<Result>(
  env: Pick<Env, 'HYPERDRIVE'>,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = openStore(env.HYPERDRIVE.connectionString, { max: 1 })
  try {
    return await work(store)
  } finally {
    await store.end()
  }
}
