import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canSeparateUsers, pickUid } from './build-uids.ts'
import { removeFolder } from './remove-folder.ts'

test('a folder goes, also with read-only folders in it, and nothing that it links to', async () => {
  actAsNobodyElse()
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

/** Names that a terminal would obey: a title, the clipboard, a line of its own. */
const HOSTILE = '\u001b]0;title\u0007\u001b]52;c;eA==\u0007\n[ERROR] name'

test('a folder goes that is nested deeper than a path may be long', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'remove-folder-'))
  onTestFinished(() => void execFileSync('rm', ['-rf', folder]))
  const nest = `
    const { mkdirSync, writeFileSync } = require('node:fs')
    for (let depth = 0; depth < 200; depth++) {
      mkdirSync(process.argv[1])
      process.chdir(process.argv[1])
    }
    writeFileSync('file', '')`
  execFileSync(process.execPath, ['-e', nest, HOSTILE.padEnd(60, 'x')], { cwd: folder })
  await expect(rm(folder, { recursive: true })).rejects.toThrow('ENAMETOOLONG')
  await removeFolder(folder)
  expect(existsSync(folder)).toBe(false)
})

test('the error of a folder that stays names that folder alone', async () => {
  actAsNobodyElse()
  const parent = await mkdtemp(join(tmpdir(), 'remove-folder-'))
  onTestFinished(async () => {
    await chmod(parent, 0o700)
    await rm(parent, { recursive: true })
  })
  const folder = join(parent, 'build')
  await mkdir(folder)
  await writeFile(join(folder, HOSTILE), '')
  await chmod(parent, 0o555)
  await expect(removeFolder(folder)).rejects.toThrow(
    new Error(`${folder} cannot be removed: rm ended with 1`),
  )
})

/** Permissions mean nothing to root. */
function actAsNobodyElse(): void {
  if (!canSeparateUsers()) return
  process.seteuid?.(pickUid({ taken: new Set(), used: [] }))
  onTestFinished(() => process.seteuid?.(0))
}
