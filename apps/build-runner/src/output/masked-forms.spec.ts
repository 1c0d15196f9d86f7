import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Masker } from './masker.ts'

const SECRET = 'sk_live_T0k3n&<Val+ue>/with"quote\'s-and=more_0123456789abcdef'
const TOKEN = 'a-build-token-of-the-account'
const json = (value: unknown) => JSON.stringify(value)
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')
const hex = Buffer.from(SECRET).toString('hex')
const half = Math.floor(SECRET.length / 2)
const middle = (between: string) => SECRET.slice(0, half) + between + SECRET.slice(half)
const escapes = (prefix: string, width: number) =>
  [...SECRET].map((c) => prefix + c.charCodeAt(0).toString(16).padStart(width, '0')).join('')

/** Forms in which builds print secrets, by accident or in order to show them; `open`: not masked. */
const FORMS: [name: string, output: string, open?: 'open'][] = [
  ['as it is', SECRET],
  ['the build token', TOKEN],
  ['base64', base64(SECRET)],
  ['base64url', Buffer.from(SECRET).toString('base64url')],
  ['base64 in something longer', base64(`{"key":"${SECRET}"}`)],
  ['basic authentication', `Authorization: Basic ${base64(`user:${SECRET}`)}`],
  ['JSON', json({ key: SECRET })],
  ['JSON in JSON', json(json({ key: SECRET }))],
  ['JSON in JSON in JSON', json(json(json({ key: SECRET })))],
  ['in an address', encodeURIComponent(SECRET)],
  ['quoted by a shell', `'${SECRET.replaceAll("'", "'\\''")}'`],
  ['hex', hex],
  ['hex in capital letters', hex.toUpperCase()],
  ['base64 of base64', base64(base64(SECRET))],
  ['backwards', [...SECRET].reverse().join('')],
  ['a colour in the middle', middle('\u001b[31m')],
  ['a colour that ends and one that begins', middle('\u001b[0m\u001b[1;32m')],
  ['two lines', middle('\n')],
  ['in an address in an address', encodeURIComponent(encodeURIComponent(SECRET))],
  ['capital letters', SECRET.toUpperCase()],
  ['spaced', [...SECRET].join(' ')],
  ['UTF-16 in base64', Buffer.from(SECRET, 'utf16le').toString('base64')],
  ['HTML', SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
  ['JSON of Go', json(SECRET).replace(/[&<>]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
  ['characters of no width', middle('\u200b')],
  ['a backspace', middle('x\b')],
  ['all but its last character', SECRET.slice(0, -1)],
  ['\\u escapes', escapes('\\u', 4)],
  ['\\x escapes', escapes('\\x', 2)],
  ['JSON of a Buffer', json(Buffer.from(SECRET))],
  ['in an address, in small letters', encodeURIComponent(SECRET).toLowerCase()],
  ['base64 in lines', `${base64(`${SECRET}${SECRET}\n`).replaceAll(/.{76}/g, '$&\n')}`],
  ['a Buffer as bytes', hex.replaceAll(/../g, '$& ')],
  ['gzip in base64', base64(gzipSync(SECRET)), 'open'],
  ['ROT13', SECRET.replaceAll(/[a-z]/gi, rot13), 'open'],
  ['a digest', createHash('md5').update(SECRET).digest('hex'), 'open'],
  ['fewer than four characters', 'abc', 'open'],
]

function rot13(letter: string): string {
  const base = letter < 'a' ? 65 : 97
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
}

describe('of the 37 forms', () => {
  const masker = new Masker([SECRET, TOKEN, 'abc'])
  const maskLines = (output: string) => {
    const lines = masker.lines()
    return output.split('\n').map((line) => lines.mask(line))
  }

  test('33 are masked', () => {
    expect(FORMS).toHaveLength(37)
    expect(FORMS.filter(([, , open]) => open === undefined)).toHaveLength(33)
  })

  test.each(FORMS.filter(([, , open]) => open === undefined))('%s is masked', (_, output) => {
    for (const line of maskLines(output)) {
      expect(line).toContain('***')
      // Around it is what the form adds, such as the name of a key.
      expect(line.replace('{"type":"Buffer","data":[', '').length).toBeLessThan(40)
    }
    expect(maskLines(output).join('')).not.toMatch(/sk_live|T0k3n|cdef|fedc/i)
  })

  test.each(FORMS.filter(([, , open]) => open === 'open'))('%s is not', (_, output) => {
    expect(maskLines(output)).toEqual(output.split('\n'))
  })
})

describe('base64 that is broken into lines', () => {
  test.each(['echo', 'printf'])(
    'of %s shows nothing of a secret, whatever its length',
    (program) => {
      for (let length = 12; length < 200; length++) {
        const secret = Array.from({ length }, (_, i) => String.fromCharCode(97 + ((i * 7) % 26)))
        const text = secret.join('') + (program === 'echo' ? '\n' : '')
        for (const width of [60, 64, 76]) {
          const lines = new Masker([secret.join('')]).lines()
          const output = base64(text).match(new RegExp(`.{1,${width}}`, 'g')) ?? []
          const shown = output.map((line) => lines.mask(line)).join('')
          expect(shown.replaceAll('***', '').length, `${length} in ${width}`).toBeLessThanOrEqual(4)
        }
      }
    },
  )

  test('is followed over as many lines as it takes, with indentation', () => {
    const lines = new Masker([SECRET]).lines()
    const output = SECRET.match(/.{1,9}/g) ?? []
    expect(output.length).toBeGreaterThan(5)
    const shown = output.map((line) => lines.mask(`  ${line}  `))
    expect(new Set(shown.map((line) => line.trim()))).toEqual(new Set(['***']))
  })

  test('leaves the next line alone when it is another', () => {
    const lines = new Masker([SECRET]).lines()
    expect(['a sk_live_T', 'done', '0k3n&'].map((line) => lines.mask(line))).toEqual([
      'a ***',
      'done',
      '0k3n&',
    ])
  })
})

describe('of a secret that is JSON', () => {
  const BODY = ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', 'BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj']
  const PEM = ['-----BEGIN PRIVATE KEY-----', ...BODY, '-----END PRIVATE KEY-----', ''].join('\n')
  const ACCOUNT = {
    type: 'service_account',
    private_key_id: '0123456789abcdef0123',
    private_key: PEM,
    nested: [{ client_email: 'builder@project.example.com', short: 'short' }],
  }
  const lines = () => new Masker([json(ACCOUNT)]).lines()
  const pretty = new Masker([JSON.stringify(ACCOUNT, null, 2)]).lines()

  test.each([
    ['the whole', json(ACCOUNT)],
    ['its values', Object.values(ACCOUNT).map(String).join('\n')],
    ['another layout', JSON.stringify(ACCOUNT, null, 4)],
    ['the key with line breaks as text', PEM.replaceAll('\n', '\\n')],
    ['the key, indented', PEM.replaceAll('\n', '\n      ')],
    ['the key in JSON in JSON', json(json(PEM))],
  ])('%s shows no string of 8 characters or more', (_, output) => {
    const masker = lines()
    const shown = output
      .split('\n')
      .map((line) => masker.mask(line))
      .join('\n')
    for (const secret of [...BODY, ACCOUNT.private_key_id, 'builder@project']) {
      expect(shown).not.toContain(secret)
    }
  })

  test('braces, brackets and short values of it stay readable', () => {
    for (const line of ['{', '}', '  }', '  ]', 'short', 'type']) {
      expect(pretty.mask(line)).toBe(line)
    }
  })

  test('a PEM on one line, with its line breaks as text, is masked line by line', () => {
    const key = new Masker([PEM.replaceAll('\n', '\\n')]).lines()
    for (const line of BODY) expect(key.mask(`  ${line}`)).toBe('  ***')
  })
})
