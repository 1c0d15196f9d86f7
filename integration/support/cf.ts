/** The official `cf` command line, run as its user would, against a system of ours. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Address } from './api-client.ts'

const run = promisify(execFile)
const FOLDER = dirname(createRequire(import.meta.url).resolve('cf/package.json'))

/** Every `builds` command that this release of `cf` has, by its words. */
export async function listBuildsCommands(): Promise<string[]> {
  const { schemas } = JSON.parse(await readFile(join(FOLDER, 'cf-dist/_meta/schemas.json'), 'utf8'))
  return Object.keys(schemas).filter((command) => command.startsWith('builds '))
}

/** Runs commands, and remembers which. */
export function openCf({ url, token, account_id }: Address, { home }: { home: string }) {
  const used = new Set<string>()
  return {
    used,

    /** What `command` prints; throws what it says when it fails. */
    async run(command: string, ...args: string[]): Promise<unknown> {
      used.add(command)
      const argv = [join(FOLDER, 'bin/cf'), ...command.split(' '), ...args]
      const { stdout } = await run(process.execPath, argv, {
        env: {
          PATH: process.env['PATH'],
          HOME: home,
          CLOUDFLARE_BASE_URL: `${url}/client/v4`,
          CLOUDFLARE_API_TOKEN: token,
          CLOUDFLARE_ACCOUNT_ID: account_id,
          // Builds are hidden in a technical preview.
          CF_HIDE_COMMANDS: '0',
        },
      })
      return stdout.trim() === '' ? undefined : JSON.parse(stdout)
    },
  }
}
