import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canSeparateUsers, pickUid } from './build-uids.ts'
import { removeFolder } from './remove-folder.ts'

test('a folder goes, also with read-only folders in it, and nothing that it links to', async () => {
  if (canSeparateUsers()) {
    process.seteuid?.(pickUid(new Set())) // permissions mean nothing to root
    onTestFinished(() => process.seteuid?.(0))
  }
  const folder = await mkdtemp(join(tmpdir(), 'remove-folder-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [build, outside] = [join(folder, 'build'), join(folder, 'outside')]
  const cached = join(build, 'go', 'pkg', 'mod')
  await mkdir(cached, { recursive: true })
  await mkdir(outside, { mode: 0o755 })
  await writeFile(join(cached, 'file'), '')
  await symlink(outside, join(cached, 'link'))
  await chmod(cached, 0o555)
  await chmod(join(build, 'go'), 0o000)
  await removeFolder(build)
  await removeFolder(build)
  expect(existsSync(build)).toBe(false)
  expect(existsSync(outside)).toBe(true)
})
