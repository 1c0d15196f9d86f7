/** What builds leave in places that all users share, where they have no such places of their own. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

/** Folders that every user may write to. */
export const SHARED_FOLDERS = ['/tmp', '/var/tmp', '/dev/shm']

/** Kinds of System V IPC: their list in /proc/sysvipc, its column of ids, the option of ipcrm for one. */
const IPC_KINDS = [
  { list: 'shm', column: 'shmid', option: '--shmem-id' },
  { list: 'sem', column: 'semid', option: '--semaphore-id' },
  { list: 'msg', column: 'msqid', option: '--queue-id' },
]

/** Something of System V's that stays until it is removed. */
interface IpcObject {
  id: string
  uid: number
  /** Of ipcrm. */
  option: string
}

/** Removes what the user `uid`, who has no process any more, left in such places. */
export async function removeShared(uid: number): Promise<void> {
  for (const object of listIpc().filter((each) => each.uid === uid)) {
    await promisify(execFile)('ipcrm', [object.option, object.id])
  }
  const folders = SHARED_FOLDERS.filter((folder) => existsSync(folder))
  const find = promisify(execFile)('find', [...folders, '-xdev', '-user', `${uid}`, '-delete'])
  await find.catch((error) => {
    // Files of others vanish while it looks.
    if (error.code !== 1) throw error
  })
}

/** The users that have System V IPC. */
export function ipcOwners(): number[] {
  return listIpc().map(({ uid }) => uid)
}

function listIpc(): IpcObject[] {
  return IPC_KINDS.flatMap(({ list, column, option }) => {
    const file = `/proc/sysvipc/${list}`
    if (!existsSync(file)) return []
    const [heading = [], ...rows] = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.trim().split(/\s+/))
    const [idColumn, uidColumn] = [heading.indexOf(column), heading.indexOf('uid')]
    return rows.map((row) => ({ id: row[idColumn] ?? '', uid: Number(row[uidColumn]), option }))
  })
}
