import { expect, test } from 'vitest'
import { canSeparateUsers, isBuildUid, pickUid } from './build-uids.ts'

test('a build’s user is none that a person could be', () => {
  for (const uid of [0, 1_000, 20_000, 60_000, 65_534]) expect(isBuildUid(uid)).toBe(false)
  expect(isBuildUid(pickUid(new Set()))).toBe(canSeparateUsers())
})

test('no two builds at a time have the same user', () => {
  const taken = new Set<number>()
  for (let build = 0; build < 200; build++) taken.add(pickUid(taken))
  expect(taken.size).toBe(200)
})
