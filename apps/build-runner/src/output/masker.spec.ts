import { describe, expect, test } from 'vitest'
import { Masker } from './masker.ts'

const SECRET = 'hunter2/&"pass\\word" ünï+?'
const masker = new Masker([SECRET])

describe('a secret is masked', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  test.each([
    ['as it is', SECRET],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in a URL, in small digits', encodeURIComponent(SECRET).toLowerCase()],
    ['in a URL whose slashes stand', encodeURIComponent(SECRET).replaceAll('%2F', '/')],
    ['in a form', new URLSearchParams({ a: SECRET }).toString()],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: SECRET }))],
    ['in base64', base64(SECRET)],
    ['in base64 without padding', base64(SECRET).replace(/=+$/, '')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in base64, after one byte', base64(`:${SECRET}`)],
    ['in base64, after two bytes', base64(`u:${SECRET}`)],
    ['in base64, in the midst', base64(`user:${SECRET}:more`)],
  ])('%s', (_, form) => {
    const masked = masker.mask(`before ${form} after`)
    expect(masked).toMatch(/^before .*\*\*\*.* after$/)
    expect(masked.length).toBeLessThan(36)
    expect(masked).not.toContain('hunter')
  })
})

test('no line of base64 that is broken into lines reveals a long secret', () => {
  const secret = Array.from({ length: 40 }, (_, i) => `part${i}`).join('-')
  const long = new Masker([secret])
  const encoded = Buffer.from(secret).toString('base64')
  for (const length of [64, 76]) {
    const lines = encoded.match(new RegExp(`.{1,${length}}`, 'g')) ?? []
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.map((line) => long.mask(line))).toEqual(lines.map(() => '***'))
  }
})

test.each([
  'a'.repeat(4),
  'ünïcödé-✓-secret',
  'with space & ampersand=1',
  '%41already%2fescaped',
  "quote'(star)*!",
])('%j is masked in every alignment of base64, and however it is escaped', (secret) => {
  const one = new Masker([secret])
  const isLong = Buffer.byteLength(secret) >= 8
  for (const before of ['', 'x', 'xy', 'xyz']) {
    for (const after of ['', 'z', 'zz', 'zzz']) {
      const encoded = Buffer.from(`${before}${secret}${after}`).toString('base64')
      if (isLong) expect(one.mask(encoded)).toContain('***')
    }
  }
  const strict = encodeURIComponent(secret).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  for (const form of [encodeURIComponent(secret), encodeURI(secret), strict]) {
    expect(one.mask(form)).toBe('***')
    expect(one.mask(form.replaceAll(/%../g, (code) => code.toLowerCase()))).toBe('***')
  }
})

test('every line of a secret of several lines is one', () => {
  const key = new Masker(['-----BEGIN KEY-----\nMIIEvQIBADANBg\nqkxyz012\n-----END KEY-----\n'])
  expect(key.mask('key: MIIEvQIBADANBg')).toBe('key: ***')
  expect(key.mask('qkxyz012')).toBe('***')
})

test('secrets that overlap or touch leave nothing between them', () => {
  const two = new Masker(['abcdef', 'defghi', 'abcd'])
  expect(two.mask('1abcdefghi2')).toBe('1***2')
  expect(two.mask('abcdefdefghi')).toBe('******')
  expect(two.mask('abcdeabcdef')).toBe('***e***')
})

test('the longer of two secrets that begin alike is masked whole', () => {
  const two = new Masker(['password', 'password-and-more'])
  expect(two.mask('password-and-more password-and')).toBe('*** ***-and')
})

test('very short secrets are left alone, for the log’s sake', () => {
  expect(new Masker(['', ' ', '1', 'yes']).mask('1 yes no')).toBe('1 yes no')
})

test('what lies behind the limit is never shown, even when masks make room', () => {
  const one = new Masker(['secret-value'])
  expect(one.mask('secret-value secret-value', 20)).toBe('*** ***')
  expect(one.mask('secret-value secret-val', 13)).toBe('*** ')
  expect(one.mask('abcdef', 3)).toBe('abc')
})

test('many long secrets are masked in a long log in reasonable time', () => {
  const secrets = Array.from({ length: 64 }, (_, i) => `${i}-${'x'.repeat(5_000)}-${i}`)
  const many = new Masker(secrets)
  expect(many.mask(`a ${secrets[17]} b`)).toBe('a *** b')
})
