import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseKeyring, SealedValueError } from './index.ts'

const place = { table: 'build_tokens', row: 'a', column: 'build_token_secret_sealed' }
const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`

describe('a keyring', () => {
  test('opens what it sealed, and never seals the same way twice', async () => {
    const keyring = parseKeyring(key('k1'))
    const [one, two] = [await keyring.seal('sëcret', place), await keyring.seal('sëcret', place)]
    expect(one).toMatch(/^v1\.k1\./)
    expect(one).not.toBe(two)
    expect(await keyring.open(one, place)).toBe('sëcret')
  })

  test('refuses a value that was moved to another row', async () => {
    const keyring = parseKeyring(key('k1'))
    const sealed = await keyring.seal('secret', place)
    await expect(keyring.open(sealed, { ...place, row: 'b' })).rejects.toThrow(SealedValueError)
  })

  test('refuses a value in which one bit is another, and every other spelling of it', async () => {
    const keyring = parseKeyring(key('k1'))
    // Of 28 to 30 bytes: the last character has 4, 2 and 0 bits that stand for nothing.
    for (const plaintext of ['', 's', 'se']) {
      const sealed = await keyring.seal(plaintext, place)
      const [, , encoded = ''] = sealed.split('.')
      const bytes = Buffer.from(encoded, 'base64url')
      const flipped = Array.from(bytes, (byte, at) =>
        Buffer.from(bytes.with(at, byte ^ 1)).toString('base64url'),
      )
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      const respelled = Array.from(alphabet, (last) => encoded.slice(0, -1) + last)
      const others = [...flipped, ...respelled, `${encoded}.`, `${encoded}=`, `${encoded}==`, '!']
      expect(others.length).toBeGreaterThan(90)
      for (const other of others.filter((other) => other !== encoded)) {
        const opened = keyring.open(`v1.k1.${other}`, place)
        await expect(opened, other).rejects.toThrow(SealedValueError)
      }
      expect(await keyring.open(sealed, place)).toBe(plaintext)
    }
  })

  test('opens old values after a new key was put first, until the old key is dropped', async () => {
    const [older, newer] = [key('k1'), key('k2')]
    const sealed = await parseKeyring(older).seal('secret', place)
    const rotated = parseKeyring(`${newer},${older}`)
    expect(await rotated.open(sealed, place)).toBe('secret')
    expect(await rotated.seal('secret', place)).toMatch(/^v1\.k2\./)
    await expect(parseKeyring(newer).open(sealed, place)).rejects.toThrow('no key "k1"')
  })

  test('names the key that is wrong', () => {
    expect(() => parseKeyring('k1:c2hvcnQ=')).toThrow('key "k1"')
    expect(() => parseKeyring('')).toThrow('empty')
  })
})
