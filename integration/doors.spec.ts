import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { listeningPortsOf } from './support/listening-ports.ts'
import { useStack } from './support/test-stack.ts'

const stack = useStack('doors', () => ({ ownPostgres: true }))

/** Nobody's user id, as a build gets one where the stack runs as root. */
const BUILD_USER = 64_321
const PROGRAM = fileURLToPath(new URL('support/try-doors.cjs', import.meta.url))

/** Tries `ports` as a build would, and returns what let it in. */
async function tryDoors(ports: number[]): Promise<string> {
  // On the command line, because the user may be locked out of the folders above this file.
  const script = await readFile(PROGRAM, 'utf8')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-e', script, '--', ...ports.map(String)],
    { cwd: '/', env: {}, ...(process.getuid?.() === 0 && { uid: BUILD_USER, gid: BUILD_USER }) },
  )
  return stdout
}

// Ports are read from /proc.
test.runIf(process.platform === 'linux')(
  'no port of the stack lets a build look into the Workers or the database',
  async () => {
    const ports = listeningPortsOf(process.pid)
    const { port: own } = new URL(stack.url)
    const { port: database } = new URL(stack.databaseUrl)
    expect(ports).toEqual(expect.arrayContaining([Number(own), Number(database)]))
    expect(await tryDoors(ports)).toBe('')
  },
)

test('no connection that serves is the superuser of the database', async () => {
  expect((await fetch(`${stack.url}/health`)).status).toBe(200)
  const users = await stack.sql`
    select distinct usename, usesuper
    from pg_stat_activity join pg_user using (usename)
    where datname = current_database() and pid <> pg_backend_pid()`
  expect([...users]).toEqual([{ usename: 'workers_builds_serving', usesuper: false }])
})
