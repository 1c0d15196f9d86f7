import { expect, test } from 'vitest'
import { formatSlowFiles } from './slow-files.reporter.ts'

test('the ten slowest files are listed, the slowest first', () => {
  const files = Array.from({ length: 12 }, (_, at) => ({ file: `${at}.spec.ts`, seconds: at }))
  const lines = formatSlowFiles(files).split('\n').slice(2, -1)
  expect(lines).toHaveLength(10)
  expect(lines[0]).toBe('    11.0 s  11.spec.ts')
  expect(lines.at(-1)).toBe('     2.0 s  2.spec.ts')
})
