/**
 * Which versions of a package manager understand a lockfile, from the first lines of it. What any
 * version understands asks for none.
 */

/** https://github.com/pnpm/spec/tree/master/lockfile: each format, and the pnpm that writes it. */
const PNPM_FORMATS: [format: RegExp, range: string][] = [
  [/^5\.[0-3]$/, '6.x'],
  [/^5\.4/, '7.x'],
  [/^6\./, '8.x'],
  [/^9\./, '>=9'],
]

export function pnpmForLockfile(text: string): string | undefined {
  const format = /^lockfileVersion:\s*['"]?([\d.]+)/m.exec(text)?.[1]
  return PNPM_FORMATS.find(([pattern]) => format !== undefined && pattern.test(format))?.[1]
}

/** A later Yarn's lockfile says in its first lines what it is, and the first Yarn's does not. */
export function yarnForLockfile(text: string): string | undefined {
  if (text.trim() === '') return undefined
  return text.includes('__metadata:') ? '>=2' : '1.x'
}

/** A Bun that does not know a format resolves everything anew, without a lock. */
const BUN_FORMATS: Record<string, string> = { 0: '>=1.1.39', 1: '>=1.2', 2: '>=1.4' }

export function bunForLockfile(text: string): string | undefined {
  const format = /"lockfileVersion":\s*(\d+)/.exec(text)?.[1]
  return format === undefined ? undefined : BUN_FORMATS[format]
}
