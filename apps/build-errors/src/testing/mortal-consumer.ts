/** A consumer of BuildErrorsQueue that dies at a chosen point of its work. */
import { env } from 'cloudflare:workers'
import { openStore, type Store } from '@workers-builds/store'
import { inject } from 'vitest'
import type { LogReader, TemplateReader } from '../read-build-log.ts'
import { type Cut, cutLine } from './cut.ts'
import type {} from './cut-line.ts'

/**
 * Where it dies:
 * - at a statement: its line to Postgres is really cut there, and no later statement arrives. Messages
 *   that it acks afterwards count as acked, so it must not ack them;
 * - before it reads a page: it hangs for good, and its connection is closed;
 * - before it acks or retries a message: it throws, then and at every later ack or retry. Earlier acks
 *   are lost with it, since a Worker's acks are sent when it ends.
 */
export type Death = ({ at_a: 'statement' } & Cut) | { at_a: 'page' | 'answer'; at: number }

type Consumer = (
  messages: readonly Message<unknown>[],
  context: { store: Store; readLog: LogReader; readTemplates: TemplateReader },
) => Promise<void>

export type Consumed = {
  died: boolean
  /** Bodies of the messages that are not delivered again. */
  acked: unknown[]
}

/** Runs `consumer` on a batch of these bodies. */
export async function consume(
  bodies: readonly unknown[],
  {
    consumer,
    readLog,
    readTemplates = async () => null,
    death,
  }: {
    consumer: Consumer
    readLog: LogReader
    readTemplates?: TemplateReader
    death?: Death | undefined
  },
): Promise<Consumed> {
  const atStatement = death?.at_a === 'statement'
  const url = atStatement ? lineTo(death) : env.HYPERDRIVE.connectionString
  const store = openStore(url, { max: 1 })
  const died = Promise.withResolvers<'died'>()
  const seen = { page: 0, answer: 0 }
  const isHour = (at_a: 'page' | 'answer') => ++seen[at_a] === death?.at && death.at_a === at_a

  const acked: unknown[] = []
  let isDead = false
  const answer = () => {
    isDead ||= isHour('answer')
    if (isDead) throw new Killed()
  }
  const messages = bodies.map((body, index) => ({
    id: `m${index}`,
    timestamp: new Date(),
    attempts: 1,
    body,
    ack() {
      answer()
      acked.push(body)
    },
    retry: answer,
  }))

  const mortalReader: LogReader = async function* (build_id) {
    const pages = readLog(build_id)
    for (;;) {
      if (isHour('page')) {
        died.resolve('died')
        await new Promise(() => {})
      }
      const page = await pages.next()
      if (page.done) return page.value
      yield page.value
    }
  }

  const working = consumer(messages, { store, readLog: mortalReader, readTemplates }).catch(
    (error: unknown) => {
      if (error instanceof Killed) return 'died' as const
      throw error
    },
  )
  const end = await Promise.race([working, died.promise])
  // Not awaited: closing a connection over a cut line takes seconds.
  void store.end()
  if (end === 'died') return { died: true, acked: [] }
  return { died: atStatement && (await isCut(url)), acked }
}

class Killed extends Error {}

function lineTo(cut: Cut): string {
  return cutLine(env.HYPERDRIVE.connectionString, { port: inject('cutLinePort'), ...cut })
}

/** Whether a line has been cut by now. */
async function isCut(url: string): Promise<boolean> {
  const store = openStore(url, { max: 1 })
  const isWhole = await store.ping().then(
    () => true,
    () => false,
  )
  await store.end()
  return !isWhole
}
