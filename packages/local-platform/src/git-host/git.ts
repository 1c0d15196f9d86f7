import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** Variables for a git that does the same whatever the person's own configuration says. */
export const PLAIN_GIT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  // Our repositories may be served by somebody else than made them, root for one.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
}

/** What `git args` prints; throws with git's own words when it fails. */
export async function git(
  args: string[],
  { cwd, input = '', env = {} }: { cwd: string; input?: string; env?: Record<string, string> },
): Promise<string> {
  const child = spawn('git', args, {
    cwd,
    env: { ...process.env, ...PLAIN_GIT, ...env },
    stdio: 'pipe',
  })
  child.stdin.on('error', () => {}) // git may end before it has read everything
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (code !== 0) throw new Error(`git ${args[0]} in ${cwd} failed: ${stderr.trim()}`)
  return stdout
}
