import type { Registry } from './fetch.ts'
import type { Message } from './message.ts'
import type { ReadOptions } from './read-javascript.ts'

/** A tool whose error texts are read, and how a log shows them. */
export interface CataloguedTool {
  /** As people write it. */
  name: string
  registry: Registry
  /**
   * Where its texts are: the first is the tool itself, whose version counts; the others are the
   * packages of its own makers that it is made with, in the versions that it asks for.
   */
  packages: readonly string[]
  /** The newest version that can be read; default `latest`. */
  newest?: string
  /** Of the files in a package, those that run while projects are built. */
  files: RegExp
  /** Of these, not those: other people's code, code for browsers, tests. */
  not?: RegExp
  read?: ReadOptions
  /** Whose errors they are: any of these codes is the right one. */
  error_codes: readonly string[]
  /** The command above them in a log; none for what the platform runs itself. */
  command?: string
  /** The lines of a log that the tool prints for it. */
  print(message: Message): string[]
}

export const lines = (text: string): string[] => text.trim().split('\n')

/** `Error: …`, as Node.js prints an error that nobody caught: by its class, as far as it has one. */
export function thrown(message: Message): string[] {
  const { by, text } = message
  const name = /^[A-Z]\w*(?:Error|Exception)$/.test(by) ? by : 'Error'
  return [...lines(`${name}: ${text}`), ...stack(message)]
}

/** Where it was thrown, as Node.js prints it. */
export function stack({ file }: Message): string[] {
  return [`    at build (file:///opt/buildhome/repo/node_modules/${file}:80:13)`]
}
