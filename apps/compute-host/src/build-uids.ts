import { randomInt } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { listProcesses } from '@workers-builds/process-tree'
import { ipcOwners } from './shared-leftovers.ts'

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

/**
 * A user id for a build, which no process and none of `taken` has, and to which nothing belongs in
 * the folders `used`: what an earlier build left must not be the next one's.
 */
export function pickUid({
  taken,
  used,
}: {
  taken: ReadonlySet<number>
  used: readonly string[]
}): number {
  const inUse = new Set([
    ...listProcesses().map(({ uid }) => uid),
    ...ipcOwners(),
    ...used.flatMap(ownersIn),
  ])
  const free: number[] = []
  for (let uid = FIRST_UID; uid <= LAST_UID; uid++) {
    if (!taken.has(uid) && !inUse.has(uid)) free.push(uid)
  }
  const picked = free[randomInt(free.length || 1)]
  if (picked === undefined) {
    throw new Error(`Every user id of builds has something left in ${used.join(' or ')}: remove it`)
  }
  return picked
}

/** The users and groups of what is in `folder`. A build's folder has the group of its build. */
function ownersIn(folder: string): number[] {
  return namesIn(folder).flatMap((name) => {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false })
    return stats === undefined ? [] : [stats.uid, stats.gid]
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
