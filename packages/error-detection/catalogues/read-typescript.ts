/**
 * Reads TypeScript's diagnostics: a table in the code of version 6 and below, and in the program of
 * version 7, which is compiled Go.
 *
 * @module
 */
import type { Message } from './message.ts'
import { PRIVATE } from './message.ts'

/** `diag(1005, 1, "_0_expected_1005", "'{0}' expected.")`; category 1 is an error. */
const DIAGNOSTIC = /\bdiag\((\d+), 1(?: \/\*.*?\*\/)?, "[^"]*", ("(?:[^"\\]|\\.)*")/g

export function readDiagnosticsOfCode(source: string): Message[] {
  return [...source.matchAll(DIAGNOSTIC)].map(([, code = '', text = '""']) =>
    diagnostic(Number(code), JSON.parse(text) as string),
  )
}

/** A loaded part of a program: where it is in the file, and in memory. */
interface Segment {
  offset: number
  address: number
  length: number
}

/** Of the diagnostics of the compiler, the errors. */
const ERROR = 1

/**
 * The diagnostics in a 64-bit ELF program. In memory, each is a number, a category, and where its
 * key and its text are; the key ends with the number, by which the rest of the memory is told apart.
 */
export function readDiagnosticsOfProgram(program: Buffer): Message[] {
  const segments = segmentsOf(program)
  const textAt = (at: number): string | undefined => {
    const address = Number(program.readBigUInt64LE(at))
    const length = Number(program.readBigUInt64LE(at + 8))
    const segment = segments.find(
      (part) => address >= part.address && address < part.address + part.length,
    )
    if (!segment || length < 3 || length > 2_000) return undefined
    const from = address - segment.address + segment.offset
    return program.toString('utf8', from, from + length)
  }
  return segments.flatMap(({ offset, length }) => {
    const found: Message[] = []
    for (let at = offset; at + 40 <= offset + length; at += 8) {
      const code = program.readInt32LE(at)
      if (code < 1_000 || code > 99_999 || program.readInt32LE(at + 4) !== ERROR) continue
      if (!textAt(at + 8)?.endsWith(`_${code}`)) continue
      const text = textAt(at + 24)
      if (text !== undefined) found.push(diagnostic(code, text))
    }
    return found
  })
}

function segmentsOf(program: Buffer): Segment[] {
  const table = Number(program.readBigUInt64LE(32))
  const size = program.readUInt16LE(54)
  return Array.from({ length: program.readUInt16LE(56) }, (_, index) => table + index * size)
    .filter((at) => program.readUInt32LE(at) === 1)
    .map((at) => ({
      offset: Number(program.readBigUInt64LE(at + 8)),
      address: Number(program.readBigUInt64LE(at + 16)),
      length: Number(program.readBigUInt64LE(at + 32)),
    }))
}

function diagnostic(code: number, text: string): Message {
  return { by: 'diagnostic', code: `TS${code}`, text: text.replaceAll(/\{\d+\}/g, PRIVATE) }
}
