import { createReadStream, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { BuildSpec } from '@workers-builds/contracts'

/** A spec that cannot be used. The message names fields, never their values. */
export class InvalidSpec extends Error {
  override readonly name = 'InvalidSpec'
}

/** The stream ended before a whole line had come. */
class SpecCutOff extends InvalidSpec {}

/**
 * Reads the spec, one line of JSON, and leaves the stream open: its end is the host's end. Throws
 * InvalidSpec.
 */
export async function readSpec(stdin: Readable): Promise<BuildSpec> {
  const line = await readLine(stdin)
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new InvalidSpec('The build on stdin is not a line of JSON') // the reason quotes the line
  }
  const parsed = BuildSpec.safeParse(json)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'spec'}: ${code}`)
  throw new InvalidSpec(`The build on stdin is not valid: ${issues.join(', ')}`)
}

/**
 * Reads the spec from the named pipe at `path`, and removes the pipe: it is given once. Waits until
 * somebody writes a whole line; one who dies half-way is waited for again. Undefined where there is
 * no pipe, since this container had its build. Throws InvalidSpec.
 */
export async function readSpecOnce(path: string): Promise<BuildSpec | undefined> {
  while (existsSync(path)) {
    const pipe = createReadStream(path)
    try {
      const spec = await readSpec(pipe)
      await rm(path)
      return spec
    } catch (error) {
      if (!(error instanceof SpecCutOff)) throw error
    } finally {
      pipe.destroy()
    }
  }
  return undefined
}

function readLine(stdin: Readable): Promise<string> {
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      const end = chunk.indexOf('\n')
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end))
      if (end >= 0) finish(() => resolve(Buffer.concat(chunks).toString('utf8')))
    }
    const onEnd = () => finish(() => reject(new SpecCutOff('stdin closed before a build came')))
    const finish = (settle: () => void) => {
      stdin.off('data', onData).off('end', onEnd).off('error', onEnd)
      settle()
    }
    stdin.on('data', onData).on('end', onEnd).on('error', onEnd)
  })
}
