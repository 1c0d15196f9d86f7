import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { REPOSITORY } from './worker-configs.ts'

const DASHBOARD = join(REPOSITORY, 'apps/dashboard')

/** Builds the web page into the folder that the client Worker serves. Throws with what Vite says. */
export async function buildPage(): Promise<void> {
  const vite = join(DASHBOARD, 'node_modules/vite/bin/vite.js')
  try {
    await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: DASHBOARD,
    })
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string }
    throw new Error(`the page cannot be built:\n${stderr.trim()}`, { cause })
  }
}
