import { describe, expect, test } from 'vitest'
import { PARTS } from './parts.ts'
import { batchMs, DESIGN, LIMITS, project, slowestColdRead } from './projection.ts'

const MILLION = 1_000_000

describe('project', () => {
  test('a million builds take less than a quarter of an hour', () => {
    expect(project(MILLION, PARTS).minutes).toBeLessThan(15)
  })

  test('is bound by the window, as long as reads are not much faster than assumed', () => {
    const { binds, builds_per_s } = project(MILLION, PARTS)
    expect(binds).toBe('window')
    const underWay = PARTS.delivery_ms + batchMs(PARTS) + DESIGN.look_again_ms / 2
    expect(builds_per_s * (underWay / 1_000)).toBeCloseTo(DESIGN.window)
  })

  test('is bound by the queue with a window that is large enough', () => {
    const design = { ...DESIGN, window: 100_000 }
    const parts = { ...PARTS, send_batch_ms: 5 }
    expect(project(MILLION, parts, { design })).toMatchObject({
      binds: 'queue',
      builds_per_s: LIMITS.queue_messages_per_s,
    })
  })

  test.each([
    ['agent', { send_batch_ms: 1_000 }],
    ['hyperdrive', { store_ms_per_batch: 100_000, delivery_ms: 0 }],
  ] as const)('can be bound by the %s', (name, slow) => {
    const design = { ...DESIGN, window: 10_000_000 }
    expect(project(MILLION, { ...PARTS, ...slow }, { design }).binds).toBe(name)
  })
})

test('slowestColdRead is the edge', () => {
  const edge = slowestColdRead(MILLION, 15, PARTS)
  const minutes = (cold_read_ms: number) => project(MILLION, { ...PARTS, cold_read_ms }).minutes
  expect(minutes(edge)).toBeLessThanOrEqual(15)
  expect(minutes(edge + 2)).toBeGreaterThan(15)
})
