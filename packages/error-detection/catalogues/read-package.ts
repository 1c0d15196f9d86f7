import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { dependenciesOf, fetchPackage, nameIn } from './fetch.ts'
import type { Message } from './message.ts'
import { readJavaScript } from './read-javascript.ts'
import { readGo, readRust } from './read-literals.ts'
import { readPython } from './read-python.ts'
import { readDiagnosticsOfCode, readDiagnosticsOfProgram } from './read-typescript.ts'
import type { CataloguedTool } from './tool.ts'

export interface Texts {
  /** Of the tool. */
  version: string
  /** Each text once. */
  messages: readonly Message[]
}

/** Fetches `tool` at `wanted`, a version or `latest`, and reads its error texts. */
export function readTool(tool: CataloguedTool, wanted: string): Texts {
  const [main = '', ...others] = tool.packages
  const { version, folder } = fetchPackage(tool.registry, main, wanted)
  const dependencies = dependenciesOf(folder)
  const folders = [
    folder,
    ...others.flatMap((name) => {
      const version = dependencies[name]
      // TypeScript has a program of its own from version 7 on.
      if (version === undefined && name.startsWith('@typescript/')) return []
      const isExact = version !== undefined && /^[\d^~]/.test(version)
      return [fetchPackage(tool.registry, name, isExact ? version : undefined).folder]
    }),
  ]
  const byText = new Map<string, Message>()
  const isRaised = raisedIn(tool, folders)
  for (const message of folders.flatMap((path) => readFolder(tool, path)).filter(isRaised)) {
    if (!byText.has(message.text)) byText.set(message.text, message)
  }
  return { version, messages: [...byText.values()] }
}

/** Whether a message is an error, where the tool has a table that holds warnings too. */
function raisedIn(tool: CataloguedTool, folders: readonly string[]): (message: Message) => boolean {
  const { raised } = tool.read ?? {}
  if (!raised) return () => true
  const names = new Set(
    folders
      .flatMap((folder) => filesOf(tool, folder))
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(raised)])
      .map(([, name, other]) => name ?? other),
  )
  return ({ by, entry }) => by !== 'message' || names.has(entry)
}

/** The files of a package that are read, in their order. */
function filesOf({ files, not }: CataloguedTool, folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => files.test(path) && !not?.test(path))
    .sort()
    .map((path) => join(folder, path))
}

function readFolder(tool: CataloguedTool, folder: string): Message[] {
  const paths = filesOf(tool, folder)
  const python = paths.filter((path) => path.endsWith('.py'))
  return [
    ...(python.length > 0 ? readPython(python) : []),
    ...paths.flatMap((path) => {
      if (path.endsWith('.py')) return []
      const content = readFileSync(path)
      if (content.subarray(1, 4).toString() === 'ELF') return readDiagnosticsOfProgram(content)
      const source = content.toString()
      if (path.endsWith('_tsc.js')) return readDiagnosticsOfCode(source)
      if (path.endsWith('.rs')) return readRust(source)
      if (path.endsWith('.go')) return readGo(source)
      const file = join(nameIn(folder), relative(folder, path))
      return readJavaScript(source, tool.read).map((message) => ({ ...message, file }))
    }),
  ]
}
