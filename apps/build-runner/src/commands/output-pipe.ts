import { execFile } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startForBuild } from './act-as-user.ts'

/** One pipe for both outputs of a command, so that their lines come in the order of writing. */
export interface OutputPipe {
  reader: Socket
  /** Give it to the command as stdout and stderr, then call `closeWriter`. */
  writer: number
  closeWriter(): void
}

/**
 * Makes a real pipe. Node gives its children sockets, and a script that writes to `/dev/stderr`
 * cannot open a socket: "No such device or address".
 */
export async function openOutputPipe(folder: string): Promise<OutputPipe> {
  const path = join(folder, `output-${crypto.randomUUID()}`)
  await startForBuild((ids) => promisify(execFile)('mkfifo', ['-m', '600', path], ids))
  try {
    // Without O_NONBLOCK this open would wait for a writer.
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writer = openSync(path, constants.O_WRONLY)
    return {
      reader: new Socket({ fd: reader, readable: true, writable: false }),
      writer,
      closeWriter: () => closeSync(writer),
    }
  } finally {
    await rm(path)
  }
}
