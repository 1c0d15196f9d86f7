import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeJsonFile } from '../state/json-file.ts'
import { git } from './git.ts'
import { type WebhookSettings, webhookSettingsFile } from './webhook-settings.ts'

/**
 * Makes the bare repository `gitDir` ready to be pushed to by its path, and its hook to send
 * webhooks. What it holds stays when it is there already.
 */
export async function prepareRepository({
  gitDir,
  settings,
}: {
  gitDir: string
  settings: WebhookSettings
}): Promise<void> {
  await mkdir(gitDir, { recursive: true })
  if (!existsSync(join(gitDir, 'HEAD'))) {
    await git(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.'], {
      cwd: gitDir,
    })
  }
  const hooks = join(gitDir, 'hooks')
  const configuration = {
    // A build clones one commit by its hash, as from GitHub.
    'uploadpack.allowAnySHA1InWant': 'true',
    'uploadpack.allowFilter': 'true',
    'receive.denyDeleteCurrentBranch': 'ignore',
    // The pusher's own core.hooksPath would keep our hook from running.
    'core.hooksPath': hooks,
    // No process may outlive a push.
    'receive.autogc': 'false',
    'gc.auto': '0',
  }
  for (const [key, value] of Object.entries(configuration)) {
    await git(['config', key, value], { cwd: gitDir })
  }
  await writeJsonFile(webhookSettingsFile(gitDir), settings)
  await writeHook(hooks)
}

/** The hook names our Node by its path: the pusher's may be too old to run TypeScript, or none. */
async function writeHook(hooks: string): Promise<void> {
  const program = fileURLToPath(new URL('./post-receive.ts', import.meta.url))
  const script = [
    '#!/bin/sh',
    'unset NODE_OPTIONS',
    `exec ${quote(process.execPath)} --disable-warning=ExperimentalWarning ${quote(program)}`,
  ]
  await mkdir(hooks, { recursive: true })
  const hook = join(hooks, 'post-receive')
  await writeFile(hook, `${script.join('\n')}\n`)
  await chmod(hook, 0o755)
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
