import { expect, test } from 'vitest'
import { weakSecretWarnings } from './weak-secrets.ts'

const warn = (value: string | null, is_secret = true) =>
  weakSecretWarnings({ KEY: { is_secret, value } }).map(({ message }) => message)

test.each(['', '1', 'abc', '日本語', ' ok\n'])(
  '%j is said to be too short for masking',
  (value) => {
    expect(warn(value)).toEqual([
      expect.stringMatching(/^The secret KEY has fewer than 4 characters/),
    ])
  },
)

test.each(['true', 'False', 'main', 'build', 'production', '8080'])(
  '%j is said to be common',
  (value) => {
    expect(warn(value)).toEqual([
      expect.stringMatching(/^The secret KEY is a common word or number/),
    ])
  },
)

test.each(['c0rrect horse', 'buildx', 'x7f9', '12345'])('%j gives no warning', (value) => {
  expect(warn(value)).toEqual([])
})

test('what is no secret, stays as it is, or goes gives none', () => {
  expect(warn('true', false)).toEqual([])
  expect(warn(null)).toEqual([])
  expect(weakSecretWarnings({ KEY: null })).toEqual([])
})

test('a warning does not hold the value', () => {
  expect(warn('master').join()).not.toContain('master')
})
