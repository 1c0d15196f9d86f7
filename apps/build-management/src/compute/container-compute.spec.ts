/**
 * What the platform asks of whoever holds a container, where the engine of one machine cannot show it.
 * With real containers: integration/containers.
 */
import { DEFAULT_PATIENCE } from '@workers-builds/contracts'
import { expect, test, vi } from 'vitest'
import { ContainerCompute, type ContainerExit } from './container-compute.ts'

/** A container as workerd gives it, which does what the platform documents. */
function createContainer({ running = false, exitCode = 0 } = {}) {
  const end = Promise.withResolvers<void>()
  const container = {
    running,
    images: { v1: 'image:1', v2: 'image:2' },
    start: vi.fn(() => {
      if (container.running) throw new Error('start() cannot be called on a running container')
      container.running = true
    }),
    monitor: () => end.promise,
    setInactivityTimeout: vi.fn(async (_: number) => {}),
    exec: vi.fn(async () => ({
      stdin: new WritableStream(),
      exitCode: Promise.resolve(exitCode),
    })),
    destroy: vi.fn(async (reason: unknown) => stop(reason)),
  }
  const stop = (reason: unknown) => {
    container.running = false
    end.reject(reason)
  }
  return { container, stop }
}

function createCompute(
  container: ReturnType<typeof createContainer>['container'],
  patience: Partial<typeof DEFAULT_PATIENCE> = {},
) {
  const exits: ContainerExit[] = []
  const compute = new ContainerCompute({
    container: container as unknown as Container,
    instances: { free: 'lite', paid: 'standard-1' },
    patience: { ...DEFAULT_PATIENCE, ...patience },
    onExit: (exit) => void exits.push(exit),
  })
  const machine = compute.chooseMachine({
    plan: 'paid',
    trigger_build_image: null,
    account_build_image: null,
  })
  const create = () => compute.createBuild({ spec: { build_uuid: 'b' } as never, machine })
  return { compute, create, exits }
}

test('a container gets image and size, is kept, and is started once however often it is asked for', async () => {
  const { container } = createContainer()
  const { create } = createCompute(container)
  await create()
  await create()
  expect(container.start.mock.calls).toEqual([
    [expect.objectContaining({ image: 'image:2', instance: 'standard-1' })],
  ])
  expect(container.setInactivityTimeout).toHaveBeenCalledExactlyOnceWith(600_000)
})

test('a container that ends as it takes its build is heard of, whichever is known first', async () => {
  for (let steps = 0; steps < 20; steps++) {
    const { container, stop } = createContainer()
    const { create, exits } = createCompute(container)
    container.exec.mockImplementation(async () => {
      void pass(steps).then(() => stop(Object.assign(new Error('exit code 1'), { exitCode: 1 })))
      return { stdin: new WritableStream(), exitCode: Promise.resolve(0) }
    })
    const refused = await create().then(
      () => undefined,
      (error: Error) => error.message,
    )
    await pass(20)
    expect(refused ?? exits[0]?.message, `${steps} steps later`).toContain('exit code 1')
    expect(exits).toHaveLength(refused === undefined ? 1 : 0)
  }
})

/** Waits while promises that are settled are gone on from so many times. */
async function pass(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) await Promise.resolve()
}

test('no environment, entrypoint or label of a container holds the build', async () => {
  const { container } = createContainer()
  const { create } = createCompute(container)
  await create()
  expect(Object.keys(Object(container.start.mock.calls[0]?.at(0)))).toEqual([
    'image',
    'instance',
    'enableInternet',
    'labels',
  ])
})

test('an object that is made anew under a running container keeps it again, and hears of its end', async () => {
  const { container, stop } = createContainer({ running: true })
  const { exits } = createCompute(container)
  expect(container.setInactivityTimeout).toHaveBeenCalledExactlyOnceWith(600_000)
  stop(Object.assign(new Error('killed'), { exitCode: 137 }))
  await expect.poll(() => exits).toEqual([{ exit_code: 137, message: 'killed' }])
})

test('a build that is over ends its container, which is no end by itself', async () => {
  const { container } = createContainer()
  const { compute, create, exits } = createCompute(container)
  await create()
  await compute.stopBuild()
  await compute.stopBuild()
  expect(container.destroy).toHaveBeenCalledTimes(1)
  expect(exits).toEqual([])
})

test('a container that does not start fails with the reason of the platform', async () => {
  const { container, stop } = createContainer()
  container.exec.mockImplementation(async () => {
    stop(new Error('no container instance that can be provided'))
    throw new Error('exec() cannot be called on a container that is not running')
  })
  const { create, exits } = createCompute(container)
  await expect(create()).rejects.toThrow('no container instance that can be provided')
  expect(exits).toEqual([])
})

test('a container that does not take its build is given up after a time, or when the build is over', async () => {
  const { container } = createContainer()
  container.exec.mockImplementation(() => new Promise(() => {}))
  const patient = createCompute(container)
  const creating = patient.create()
  patient.compute.abandonCreate()
  await expect(creating).rejects.toThrow('the build is over')
  const { create } = createCompute(container, { containerStartMs: 10 })
  await expect(create()).rejects.toThrow('waited 10 ms for the container to start')
})
