import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** A log of this run under `<dir>/logs`, which replaces the last run's. */
export function openLogFile({ dir, name }: { dir: string; name: string }) {
  const folder = join(dir, 'logs')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${name}.log`)
  const stream = createWriteStream(file, { mode: 0o600 })
  return { file, write: (line: string) => void stream.write(`${line}\n`) }
}
