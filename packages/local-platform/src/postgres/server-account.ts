import { spawnSync } from 'node:child_process'

/** The system user that owns the data and runs the server. */
export interface ServerAccount {
  name: string
  uid: number
  gid: number
}

/**
 * Postgres refuses to run as root, so root gets the system's `postgres` user, created when it is
 * missing. Null for everybody else: the server runs as oneself.
 */
export function serverAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) return null
  return lookUp() ?? create()
}

function lookUp(): ServerAccount | null {
  const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  if (ids.some(({ status }) => status !== 0)) return null
  const [uid, gid] = ids.map(({ stdout }) => Number.parseInt(stdout, 10))
  return uid === undefined || gid === undefined ? null : { name: 'postgres', uid, gid }
}

function create(): ServerAccount {
  const created = spawnSync('useradd', ['--system', '--user-group', 'postgres'], {
    encoding: 'utf8',
  })
  const account = lookUp()
  if (account !== null) return account
  throw new Error(
    `Postgres refuses to run as root, and a user \`postgres\` could not be created (${created.error?.message ?? created.stderr.trim()}). Create one, start as another user, or give a server of your own with DATABASE_URL.`,
  )
}
