import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canSeparateUsers, isBuildUid, pickUid } from './build-uids.ts'

test('a build’s user is none that a person could be', () => {
  for (const uid of [0, 1_000, 20_000, 60_000, 65_534]) expect(isBuildUid(uid)).toBe(false)
  expect(isBuildUid(pickUid({ taken: new Set(), used: [] }))).toBe(canSeparateUsers())
})

test('no two builds at a time have the same user', () => {
  const taken = new Set<number>()
  for (let build = 0; build < 200; build++) taken.add(pickUid({ taken, used: [] }))
  expect(taken.size).toBe(200)
})

test.runIf(canSeparateUsers())(
  'no build has the user of another’s folder that is still there',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'used-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const free = 65_000
    const taken = new Set(Array.from({ length: 65_519 - 61_184 + 1 }, (_, i) => 61_184 + i))
    taken.delete(free)
    expect(pickUid({ taken, used: [folder] })).toBe(free)
    mkdirSync(join(folder, 'left-by-a-build'))
    chownSync(join(folder, 'left-by-a-build'), 0, free)
    expect(() => pickUid({ taken, used: [folder] })).toThrow(`something left in ${folder}`)
  },
)
