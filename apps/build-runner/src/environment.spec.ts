import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { baseEnvironment, nameOfUser } from './base-environment.ts'

test('the Node that runs the runner comes first, unless it does already', () => {
  const folder = mkdtempSync(join(tmpdir(), 'environment-'))
  const [old, ours] = [join(folder, 'old'), join(folder, 'ours')]
  mkdirSync(old)
  mkdirSync(ours)
  writeFileSync(join(old, 'node'), '')
  chmodSync(join(old, 'node'), 0o755)
  symlinkSync(process.execPath, join(ours, 'node'))
  const pathOf = (PATH: string) => baseEnvironment({ PATH, A: '1' }, process.execPath)
  expect(pathOf(`${ours}:${old}`)).toMatchObject({ A: '1', PATH: `${ours}:${old}` })
  const first = dirname(process.execPath)
  expect(pathOf(`${old}:${ours}`)).toMatchObject({ A: '1', PATH: `${first}:${old}:${ours}` })
  expect(pathOf('/nowhere')).toMatchObject({ A: '1', PATH: `${first}:/nowhere` })
  rmSync(folder, { recursive: true })
})

test('every command gets the name of its user, also when the system knows none', () => {
  const { username } = userInfo()
  expect(baseEnvironment({}, process.execPath)).toMatchObject({ USER: username, LOGNAME: username })
  const unknown = () => {
    throw Object.assign(new Error('uv_os_get_passwd returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' })
  }
  expect(nameOfUser(unknown)).toBe('build')
})
