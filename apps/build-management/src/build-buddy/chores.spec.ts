import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { BuildCompute } from '../compute/build-compute.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import { BuildLog } from './build-log.ts'
import { buildChores } from './chores.ts'
import { KeptLife } from './kept-life.ts'

const h = useBuildManagement()

/** A compute with images, which has no container for anybody. */
const fullCompute: BuildCompute = {
  images: ['v1'],
  chooseMachine: () => ({ image: 'v1', instance_type: null, description: null }),
  createBuild: async () => {
    throw new Error('there is no instance')
  },
  abandonCreate: () => {},
  stopBuild: async () => {},
  getBuildState: async () => 'exited',
}

/** Asks for the container of a build whose token may be sealed with a key that is gone. */
async function create({ isSealedAnew }: { isSealedAnew: boolean }) {
  const { build_id, buddy } = await h.createStartedBuild()
  const [build] = await h.store.builds.prepareStart([build_id])
  if (build === undefined) throw new Error('the build cannot start')
  const claimed = isSealedAnew ? { ...build, build_token_secret_sealed: 'none.AAAA.AAAA' } : build
  return await runInDurableObject(buddy, async (_, { storage }) => {
    const log = new BuildLog(storage)
    const life = new KeptLife(storage, log)
    const chores = buildChores({ env, life, compute: fullCompute, heartbeat_seconds: 10 })
    const error = await chores.create(claimed).catch((reason: unknown) => reason)
    return {
      error: String(error),
      isRefused: life.require().refused_since !== null,
      lines: log.read({ sealed: false }).lines.map(([, , message]) => message),
    }
  })
}

test('the log of a build that gets no container says so, and why', async () => {
  expect(await create({ isSealedAnew: false })).toEqual({
    error: 'Error: there is no instance',
    isRefused: true,
    lines: [
      'There is no container for this build at the moment (there is no instance). It waits, and asks again.',
    ],
  })
})

test('a fault of our own before a container is asked for is none of its log', async () => {
  const { error, isRefused, lines } = await create({ isSealedAnew: true })
  expect(error).toContain('SealedValueError')
  expect({ isRefused, lines }).toEqual({ isRefused: true, lines: [] })
})
