import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildLimit } from '@workers-builds/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { ReachedLimits } from './reached-limits.ts'

const limit = (changes: Partial<BuildLimit>): BuildLimit => ({
  sentence: 'The limit.',
  counter: null,
  symptom: null,
  exit_code: null,
  ...changes,
})

function counterFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'counter-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'events')
  writeFileSync(file, text)
  return file
}

test('a limit is named whose counter grew while the command ran, and not one that was reached before', async () => {
  const file = counterFile('low 3\noom_kill 2\n')
  const limits = new ReachedLimits([limit({ counter: { file, key: 'oom_kill' } })])
  await limits.begin()
  expect(await limits.sentences(137)).toEqual([])
  writeFileSync(file, 'low 3\noom_kill 3\n')
  expect(await limits.sentences(137)).toEqual(['The limit.'])
  await limits.begin()
  expect(await limits.sentences(1)).toEqual([])
})

test('a limit is named that the output speaks of, or the exit code, and only if the command failed', async () => {
  const limits = new ReachedLimits([
    limit({ symptom: 'EMFILE|Too many open files', exit_code: 153 }),
  ])
  await limits.begin()
  limits.readOutput('all is well')
  expect(await limits.sentences(1)).toEqual([])
  expect(await limits.sentences(153)).toEqual(['The limit.'])
  for (const piece of ['Error: EM', 'FILE: too many', ' open files']) limits.readOutput(piece)
  expect(await limits.sentences(0)).toEqual([])
  expect(await limits.sentences(1)).toEqual(['The limit.'])
})

test('an exit code, which a command may choose itself, speaks only where nothing else does', async () => {
  const killed = limit({ sentence: 'Killed.', exit_code: 137 })
  const memory = limit({ sentence: 'Memory.' })
  const limits = new ReachedLimits([killed, memory])
  await limits.begin()
  expect(await limits.sentences(137)).toEqual(['Killed.'])
  limits.reach(memory)
  expect(await limits.sentences(137)).toEqual(['Memory.'])
})

test('a limit of one command is not looked for in the next', async () => {
  const limits = new ReachedLimits([])
  await limits.begin([limit({ symptom: 'ENETUNREACH' })])
  limits.readOutput('ENETUNREACH')
  expect(await limits.sentences(1)).toEqual(['The limit.'])
  await limits.begin()
  limits.readOutput('ENETUNREACH')
  expect(await limits.sentences(1)).toEqual([])
})

test('a counter that is not there counts nothing', async () => {
  const missing = { file: '/no/such/file', key: 'over' }
  const limits = new ReachedLimits([limit({ counter: missing })])
  await limits.begin()
  expect(await limits.sentences(1)).toEqual([])
})
