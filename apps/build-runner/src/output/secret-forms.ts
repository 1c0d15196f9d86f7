/**
 * Shorter values are not masked: `1` or `yes` would blot out half the log and, by what is missing,
 * reveal the secret all the same.
 */
export const MIN_SECRET_LENGTH = 4

/** Shortest piece of base64 that is masked: six bytes of the secret. */
const MIN_BASE64_LENGTH = 8

/** Every form in which `secret` may turn up in a line of the log. */
export function secretForms(secret: string): string[] {
  const lines = secret.split(/\r?\n/)
  return [secret, ...(lines.length > 1 ? lines : [])]
    .filter((value) => value.trim().length >= MIN_SECRET_LENGTH)
    .flatMap((value) => [
      value,
      ...percentForms(value),
      JSON.stringify(value).slice(1, -1),
      JSON.stringify(JSON.stringify(value)).slice(3, -3),
      ...base64Forms(value),
    ])
}

/** As part of an address: what is escaped differs, and so do the digits. */
function percentForms(value: string): string[] {
  const text = value.toWellFormed()
  const component = encodeURIComponent(text)
  const strict = component.replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
  const form = new URLSearchParams([['', text]]).toString().slice(1)
  return [component, component.replaceAll('%2F', '/'), encodeURI(text), strict, form].flatMap(
    (escaped) => [
      escaped,
      escaped.replaceAll(/%../g, (code) => code.toLowerCase()),
      escaped.replaceAll(/%../g, (code) => code.toUpperCase()),
    ],
  )
}

/** The program `base64` breaks its lines here, and openssl there. */
const BASE64_LINE_LENGTHS = [76, 64]

/**
 * The base64 of `value`, also as part of something longer: there it stands in one of three
 * alignments, and its first and last character mix with its neighbours, so they are left out.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value)
  const whole = bytes.toString('base64')
  const parts = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const bits = (offset + bytes.length) * 8
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6))
  })
  const lines = BASE64_LINE_LENGTHS.filter((length) => length < whole.length).flatMap(
    (length) => whole.match(new RegExp(`.{1,${length}}`, 'g')) ?? [],
  )
  return [whole, whole.replace(/=+$/, ''), ...parts, ...lines]
    .filter((form) => form.length >= MIN_BASE64_LENGTH)
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}
