import { secretValues } from './secret-values.ts'

/** Shortest piece of base64 that is masked: six bytes of the secret. */
const MIN_BASE64_LENGTH = 8

/** Shorter values are looked for in the commonest forms alone, for the sake of ordinary words. */
const MIN_LENGTH_OF_RARE_FORMS = 8

/** Every form in which `secret` may turn up in a line of the log. */
export function secretForms(secret: string): string[] {
  return secretValues(secret).flatMap((value) => [
    ...commonForms(value),
    ...(value.length < MIN_LENGTH_OF_RARE_FORMS ? [] : rareForms(value)),
  ])
}

function commonForms(value: string): string[] {
  return [
    value,
    ...percentForms(value),
    ...jsonForms(value),
    ...htmlForms(value),
    ...shellForms(value),
    ...base64Forms(Buffer.from(value)),
  ]
}

function rareForms(value: string): string[] {
  const bytes = Buffer.from(value)
  const units = Array.from({ length: value.length }, (_, index) => value.charCodeAt(index))
  const unicode = units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
  const escaped = pairs.map((pair) => `\\x${pair}`).join('')
  return [
    ...[pairs.join(''), pairs.join(' '), pairs.join(':'), unicode, escaped].flatMap(bothCases),
    bytes.join(','), // JSON of a Buffer
    bytes.join(', '),
    ...base64Forms(Buffer.from(base64Parts(bytes)[0] ?? '')), // base64 of base64
    ...base64Forms(Buffer.from(value, 'utf16le')),
    value.toUpperCase(),
    value.toLowerCase(),
    encodeURIComponent(value.toWellFormed()).toLowerCase(),
    [...value].reverse().join(''),
    [...value].join(' '),
  ]
}

/** Digits of a–f in small and in capital letters; what announces them (`\x`, `\u`) stays small. */
function bothCases(digits: string): string[] {
  return [digits, digits.replaceAll(/[a-f]/g, (digit) => digit.toUpperCase())]
}

/** As part of an address: what is escaped differs, and so do the digits. */
function percentForms(value: string): string[] {
  const text = value.toWellFormed()
  const component = encodeURIComponent(text)
  const strict = component.replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
  const form = new URLSearchParams([['', text]]).toString().slice(1)
  const twice = encodeURIComponent(component)
  return [
    component,
    component.replaceAll('%2F', '/'),
    encodeURI(text),
    strict,
    form,
    twice,
  ].flatMap((escaped) => [
    escaped,
    escaped.replaceAll(/%../g, (code) => code.toLowerCase()),
    escaped.replaceAll(/%../g, (code) => code.toUpperCase()),
  ])
}

/** As JSON, and as JSON in JSON; with what Go and others escape for the sake of HTML, too. */
function jsonForms(value: string): string[] {
  const once = JSON.stringify(value).slice(1, -1)
  const escaped = (characters: RegExp) => (text: string) =>
    text.replaceAll(characters, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const forHtml = escaped(/[<>&]/g)(once)
  const ascii = escaped(/[^ -~]/g)(once)
  const dotnet = escaped(/[<>&'+]/g)(once)
  const forms = [once, forHtml, ascii, dotnet]
  const quoted = (text: string) => JSON.stringify(text).slice(1, -1)
  return [
    ...forms.flatMap((form) => [
      form,
      form.replaceAll(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`),
    ]),
    quoted(once),
    quoted(forHtml),
    quoted(quoted(once)),
  ]
}

/** As HTML or XML has it; quotation marks are escaped or not, and in three ways. */
function htmlForms(value: string): string[] {
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quoted = text.replaceAll('"', '&quot;')
  return [
    text,
    quoted,
    ...['&#39;', '&#x27;', '&apos;'].map((code) => quoted.replaceAll("'", code)),
  ]
}

/** As `set -x`, `printf %q` and `util.inspect` have it. */
function shellForms(value: string): string[] {
  return [
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", "\\'"),
    value.replaceAll(/[^\w@%+=:,./-]/g, '\\$&'),
  ]
}

/** The program `base64` breaks its lines here, and openssl there. */
const BASE64_LINE_LENGTHS = [76, 64]

/**
 * The base64 of bytes, also as part of something longer, and in the alphabet for addresses. The
 * masker follows a form from line to line; the lines by themselves are for when they are shuffled.
 */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString('base64')
  const lines = BASE64_LINE_LENGTHS.filter((length) => length < whole.length).flatMap(
    (length) => whole.match(new RegExp(`.{1,${length}}`, 'g')) ?? [],
  )
  return [whole, whole.replace(/=+$/, ''), ...base64Parts(bytes), ...lines]
    .filter((form) => form.length >= MIN_BASE64_LENGTH)
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

/**
 * As part of something longer it stands in one of three alignments, and its first and last character
 * mix with its neighbours, so they are left out.
 */
function base64Parts(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const bits = (offset + bytes.length) * 8
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6))
  })
}
