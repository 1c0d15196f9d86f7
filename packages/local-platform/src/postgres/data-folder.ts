import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { type Binaries, SHARED_FOLDER } from './binaries.ts'
import type { ServerAccount } from './server-account.ts'

/**
 * The data folder under `dir`, made on the first call. Where the server's user cannot get to `dir`
 * (root with a checkout under /root) the data live in {@link SHARED_FOLDER} and `dir` has a
 * symbolic link.
 */
export async function openDataFolder({
  dir,
  password,
  binaries,
  account,
}: {
  dir: string
  password: string
  binaries: Binaries
  account: ServerAccount | null
}): Promise<string> {
  const data = join(dir, 'data')
  if (account !== null) await chmod(dir, (await stat(dir)).mode | 0o011)
  if (existsSync(join(data, 'PG_VERSION'))) return realpath(data)

  // A first start that was cut short leaves an unfinished folder, so it gets its name at the end.
  const home = account !== null && !canEnter(dir, account) ? await makeSharedFolder() : dir
  const unfinished = join(home, 'data.unfinished')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  if (account !== null) await chown(unfinished, account.uid, account.gid)
  await initialise({ folder: unfinished, password, binaries, account })
  await rename(unfinished, join(home, 'data'))
  if (home !== dir) await symlink(join(home, 'data'), data)
  return realpath(data)
}

function canEnter(folder: string, { uid, gid }: ServerAccount): boolean {
  return spawnSync('test', ['-x', folder], { uid, gid, cwd: '/' }).status === 0
}

async function makeSharedFolder(): Promise<string> {
  await mkdir(SHARED_FOLDER, { recursive: true })
  const folder = await mkdtemp(join(SHARED_FOLDER, 'data-'))
  await chmod(folder, 0o711)
  return folder
}

async function initialise({
  folder,
  password,
  binaries,
  account,
}: {
  folder: string
  password: string
  binaries: Binaries
  account: ServerAccount | null
}) {
  const passwordFile = `${folder}.password`
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account !== null) await chown(passwordFile, account.uid, account.gid)
  try {
    const initdb = spawn(
      binaries.initdb,
      [
        `--pgdata=${folder}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same order and letters on every machine, whatever locales it has.
        '--no-locale',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-sync',
      ],
      {
        cwd: '/',
        stdio: ['ignore', 'ignore', 'pipe'],
        ...(account !== null && { uid: account.uid, gid: account.gid }),
      },
    )
    let stderr = ''
    initdb.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    const [code] = await once(initdb, 'close')
    if (code !== 0) throw new Error(`Postgres could not set up ${folder}: ${stderr.trim()}`)
  } finally {
    await rm(passwordFile, { force: true })
  }
}
