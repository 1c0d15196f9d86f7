/**
 * Reads error messages out of Rust and Go: the string literals that what makes errors is called
 * with. Their format strings say themselves where a value goes.
 *
 * @module
 */
import type { Message } from './message.ts'
import { isMessage, PRIVATE, valueFor } from './message.ts'

/** What makes an error, and the literal it is called with: `bail!("…")`, `#[error("…")]`. */
const RUST =
  /\b(bail|anyhow|ensure|format_err|err|with_context|context|error|map_err|Err|eprintln|internal_error|user_error|argument_error)(?:!|\()[^"';{}]{0,120}?\(?"((?:[^"\\]|\\[\s\S])*)"/g

/** The messages in Rust code, without those of its tests. */
export function readRust(source: string): Message[] {
  const [code = ''] = source.split(/^#\[cfg\(test\)\]/m)
  return messagesOf(code, RUST, (text) =>
    text
      .replaceAll(/\\\s*\n\s*/g, '')
      .replaceAll(/\{\{|\}\}/g, (brace) => brace.slice(1))
      .replaceAll(/\{(\w*)[^{}]*\}/g, (_, name: string) => valueFor(name)),
  )
}

/** What makes an error in Go, and the literals it is called with, joined by `+`. */
const GO =
  /\b(Errorf|errors\.New|Error\w*|AddError\w*|NewError\w*|Fatalf|addError|addRangeError|RangeError)\([^"`;{}]{0,200}?((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`)(?:\s*\+\s*(?:[\w.()]+|"(?:[^"\\\n]|\\.)*"|`[^`]*`))*)/g

/** The messages in Go code. */
export function readGo(source: string): Message[] {
  return messagesOf(source, GO, (text) =>
    text
      .replaceAll(/["`]\s*\+\s*["`]/g, '')
      .replaceAll(/["`]\s*\+\s*([\w.()]+)(?:\s*\+\s*["`])?/g, (_, name: string) => valueFor(name))
      .replaceAll(/^["`]|["`]$/g, '')
      .replaceAll(/%[-+#\d.]*[a-zA-Z]/g, (verb) =>
        /q$/.test(verb) ? `"${PRIVATE}"` : /d$/.test(verb) ? '7' : PRIVATE,
      ),
  )
}

function messagesOf(source: string, pattern: RegExp, fill: (text: string) => string): Message[] {
  return [...source.matchAll(pattern)]
    .map(([, by = '', literal = '']) => ({ by, text: unescaped(fill(literal)) }))
    .filter(({ text }) => isMessage(text))
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\s\S])/g, (_, character: string) =>
    character === 'n' ? '\n' : character === 't' ? '\t' : character,
  )
}
