import { LIVE_WINDOW_BYTES } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import {
  afterAcknowledging,
  afterSending,
  hasRoomFor,
  newViewer,
  StoredViewer,
} from './live-viewer.ts'

const KIB = 1024

test('a window takes 256 KiB that are not acknowledged, and no byte more', () => {
  let viewer = newViewer({ line: 0 })
  for (let until = 1; until <= 8; until++) viewer = afterSending(viewer, { until, bytes: 32 * KIB })
  expect(hasRoomFor(viewer, 0)).toBe(true)
  expect(hasRoomFor(viewer, 1)).toBe(false)
  expect(hasRoomFor(afterAcknowledging(viewer, 1), 32 * KIB)).toBe(true)
  expect(hasRoomFor(afterAcknowledging(viewer, 1), 32 * KIB + 1)).toBe(false)
})

test('an acknowledgement of everything empties the window, however many small frames there were', () => {
  let viewer = newViewer({ line: 0 })
  for (let until = 1; until <= 5_000; until++) viewer = afterSending(viewer, { until, bytes: 50 })
  expect(JSON.stringify(viewer).length).toBeLessThan(2_000)
  expect(hasRoomFor(viewer, LIVE_WINDOW_BYTES - 5_000 * 50)).toBe(true)
  expect(hasRoomFor(viewer, LIVE_WINDOW_BYTES - 5_000 * 50 + 1)).toBe(false)
  expect(hasRoomFor(afterAcknowledging(viewer, 5_000), LIVE_WINDOW_BYTES)).toBe(true)
})

test('an acknowledgement that comes twice, or late, takes nothing back', () => {
  const viewer = afterSending(newViewer({ line: 0 }), { until: 10, bytes: 100 })
  const after = afterAcknowledging(viewer, 10)
  expect(afterAcknowledging(after, 10)).toEqual(after)
  expect(afterAcknowledging(after, 3).line).toBe(10)
})

test('who has read further than it was sent goes on from there', () => {
  const viewer = afterSending(newViewer({ line: 0 }), { until: 10, bytes: 100 })
  expect(afterAcknowledging(viewer, 50)).toMatchObject({ line: 50, under_way: [] })
})

test('a viewer that the release before kept goes on where it was', () => {
  const under_way = [{ until: 10, bytes: 100 }]
  const kept = { v: 1, line: 10, under_way, told_status: 'running', told_more: true }
  const viewer = { v: 2, line: 10, under_way, sent_status: 'running', sent_more: true }
  expect(StoredViewer.parse(kept)).toEqual(viewer)
  expect(StoredViewer.parse(viewer)).toEqual(viewer)
})
