import { expect, test, vi } from 'vitest'
import { NoContainerEngine, openEngine } from './engine.ts'

test.each([
  [{ WRANGLER_DOCKER_BIN: '/nowhere/docker' }, 'there is no program /nowhere/docker'],
  [{ WRANGLER_DOCKER_BIN: 'false' }, 'false reaches none (it did not answer)'],
])(
  'without an engine (%j) one sentence says what is missing and what to do',
  async (env, missing) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    try {
      const error = await openEngine().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(NoContainerEngine)
      expect((error as Error).message).toBe(
        `Builds in containers need a running container engine, and ${missing}: start Docker, or leave out --compute containers.`,
      )
    } finally {
      vi.unstubAllEnvs()
    }
  },
)
