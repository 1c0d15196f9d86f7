import { expect, test } from 'vitest'
import { readComputeOption } from './compute-option.ts'

test('builds run on the host or in containers, and nowhere else', () => {
  expect(readComputeOption('host', 'usage')).toBe('host')
  expect(readComputeOption('containers', 'usage')).toBe('containers')
  expect(() => readComputeOption('docker', 'usage')).toThrow(
    "'docker' is no compute: it is host or containers",
  )
})
