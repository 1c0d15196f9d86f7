import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ReachedLimits } from '../limits/reached-limits.ts'
import { LogBuffer } from '../output/log-buffer.ts'
import { LogWriter } from '../output/log-writer.ts'
import { Masker } from '../output/masker.ts'
import { CommandRunner } from './command-runner.ts'

test('a command that writes without end waits for the control plane, in bounded memory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'command-runner-'))
  const buffer = new LogBuffer()
  const commands = new CommandRunner({
    log: new LogWriter({ buffer, masker: new Masker([]) }),
    buffer,
    pipeFolder: folder,
    limits: new ReachedLimits([]),
    killAll: async () => {},
    signal: new AbortController().signal,
  })
  let mostWaiting = 0
  buffer.on('lines', () => {
    mostWaiting = Math.max(mostWaiting, buffer.waitingLines)
    if (!buffer.isFull) return
    // Much later than the pipe could have been read on.
    setTimeout(() => buffer.acknowledge(buffer.lineCount), 50)
  })
  const { PATH = '' } = process.env
  const exitCode = await commands.run({
    argv: ['sh', '-c', `yes ${'x'.repeat(1_000)} | head -n 60000`],
    folder,
    environment: { PATH },
  })
  expect(exitCode).toBe(0)
  expect(buffer.lineCount).toBe(60_000)
  // 16 MB of lines that are 1,030 bytes as JSON, and what one read of the pipe brings.
  expect(mostWaiting).toBeLessThan(16_500)
  rmSync(folder, { recursive: true })
})
