/**
 * A line to the database that is cut at a chosen statement, and stays cut. The statement is named in the
 * connection's `application_name` (see `cutLine`), so each client can have a line of its own.
 */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import {
  createMessageReader,
  createPacketReader,
  errorResponse,
} from '@workers-builds/postgres-protocol'
import type {} from '@workers-builds/test-kit/provided'
import type { TestProject } from 'vitest/node'
import { type Cut, parseCut } from './cut.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The local port where such lines begin. */
    cutLinePort: number
  }
}

/** Messages that execute a statement: a simple query, and the execution of a prepared one. */
const STATEMENT = new Set(['Q', 'E'])
/** Messages that end a statement: it is complete, or it failed. */
const ANSWER = new Set(['C', 'E'])

/** The response of a cut line to every new connection. */
const IS_CUT = errorResponse('FATAL', '57P03', 'the line is cut')

export default async function startCutLine(project: TestProject) {
  const cutLines = new Set<string>()
  const server = createServer((client) => {
    const { hostname, port } = new URL(`postgres://${project.getProvidedContext().hyperdriveHost}`)
    passOn(client, { hostname, port: Number(port), cutLines })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  project.provide('cutLinePort', address.port)
  return async () => {
    server.close()
    await once(server, 'close')
  }
}

function passOn(
  client: Socket,
  { hostname, port, cutLines }: { hostname: string; port: number; cutLines: Set<string> },
): void {
  const server = connect(port, hostname)
  let line: (Cut & { id: string }) | undefined
  const seen = { asked: 0, answered: 0 }
  const cut = () => {
    if (line !== undefined) cutLines.add(line.id)
    client.destroy()
    server.destroy()
  }
  const isOver = () => line !== undefined && cutLines.has(line.id)
  const readPackets = createPacketReader()
  const fromClient = createMessageReader()
  let isStarted = false
  client.on('data', (chunk: Buffer) => {
    if (!isStarted) {
      for (const startup of readPackets(chunk)) {
        isStarted = true
        line = parseCut(startup.toString('latin1'))
        if (isOver()) return void client.end(IS_CUT)
        server.write(startup)
      }
      return
    }
    for (const { type, bytes } of fromClient(chunk)) {
      if (isOver()) return void client.end(IS_CUT)
      if (STATEMENT.has(type) && ++seen.asked === line?.at && line.moment === 'before') return cut()
      server.write(bytes)
    }
  })
  const fromServer = createMessageReader()
  server.on('data', (chunk: Buffer) => {
    for (const { type, bytes } of fromServer(chunk)) {
      if (ANSWER.has(type) && ++seen.answered === line?.at && line.moment === 'after') return cut()
      client.write(bytes)
    }
  })
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('close', () => other.destroy())
    one.on('error', () => other.destroy())
  }
}
