import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Message } from './message.ts'
import { isMessage, valueFor } from './message.ts'

/** The messages in Python files, read by Python itself. */
export function readPython(files: readonly string[]): Message[] {
  const output = execFileSync(
    'python3',
    ['-W', 'ignore', join(import.meta.dirname, 'read-python.py')],
    {
      input: files.join('\n'),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  )
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { by: string; text: string })
    .map(({ by, text }) => ({
      by,
      text: text.replaceAll(/\0(\w*)\0/g, (_, name: string) => valueFor(name)),
    }))
    .filter(({ text }) => isMessage(text))
}
