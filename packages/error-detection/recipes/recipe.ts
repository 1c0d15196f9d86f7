/**
 * A recipe is a small project that breaks in one way, or builds without an error, and the commands
 * that show it. `record.ts` runs them with the real tools.
 *
 * @module
 */
import type { Cause } from '../src/causes.ts'

export interface Recipe {
  /** The tools that run it, one log each: `npm@11` is run as `npx npm@11`. */
  tools: readonly string[]
  /** By path; an object is written as JSON. */
  files: Readonly<Record<string, string | object>>
  /** Run one after the other until one fails; `$TOOL` is the tool. Their output is the log. */
  commands: readonly string[]
  /** Run before, without recording: what has to be there already. */
  before?: readonly string[]
  /** Why it fails; `none` for a build that does not. */
  expected: Expected | 'none'
}

export interface Expected {
  error_code: string
  cause: Cause
  /** What the decisive line holds: the file, package, field or value that a person has to know. */
  line?: string
}

/** Recipes by name; the log of `lockfile` and `npm@11` is `fixtures/lockfile.npm@11.log`. */
export type Recipes = Readonly<Record<string, Recipe>>

/** The name of the log of `recipe`, run with `tool`. */
export function logName(recipe: string, tool: string): string {
  return `${recipe}.${tool.replaceAll('/', '-')}.log`
}
