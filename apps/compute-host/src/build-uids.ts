import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { listProcesses } from '@workers-builds/process-tree'

/**
 * Users of builds: the range that systemd reserves for users that exist for a while only
 * (DynamicUser). No person has one of these, and they exist in most containers too.
 */
const FIRST_UID = 61_184
const LAST_UID = 65_519

/** Whether processes of this user can be nothing but a build's. */
export function isBuildUid(uid: number): boolean {
  return canSeparateUsers() && uid >= FIRST_UID && uid <= LAST_UID
}

/** Whether this process may run builds as other users: root on Linux. */
export function canSeparateUsers(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0
}

/** A user id for a build, which no process and none of `taken` has. */
export function pickUid(taken: ReadonlySet<number>): number {
  const inUse = new Set(listProcesses().map(({ uid }) => uid))
  for (;;) {
    const uid = randomInt(FIRST_UID, LAST_UID + 1)
    if (!taken.has(uid) && !inUse.has(uid)) return uid
  }
}

/** Whether `command` runs, and ends with exit code 0, as the user `uid`. */
export function runsAs(
  uid: number,
  command: string[],
  { folder, environment }: { folder: string; environment: Record<string, string> },
): boolean {
  const [program = '', ...args] = command
  const { status } = spawnSync(program, args, {
    uid,
    gid: uid,
    cwd: folder,
    env: environment,
    stdio: 'ignore',
    timeout: 30_000,
  })
  return status === 0
}
