import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { describe, expect, onTestFinished, test } from 'vitest'
import { writeWorkerConfigs } from './worker-configs.ts'

describe('writeWorkerConfigs', () => {
  test('gives each Worker its own secrets, and paths that hold from anywhere', async () => {
    const { path: dir, remove } = await createTemporaryFolder('configs')
    onTestFinished(remove)
    const files = await writeWorkerConfigs({
      dir,
      settings: {
        client: { vars: { ENVIRONMENT: 'local' }, secrets: { WEBHOOK_KEYRING: 'k1:webhooks' } },
        'build-management': { vars: {}, secrets: { BUILD_KEYRING: 'k1:builds' } },
        'build-errors': { vars: {}, secrets: {} },
      },
    })
    const secrets: string[] = []
    for (const file of files) {
      const config = JSON.parse(await readFile(file, 'utf8'))
      expect(existsSync(config.main)).toBe(true)
      expect(existsSync(config.alias.postgres)).toBe(true)
      const secretsFile = join(dirname(file), '.dev.vars')
      expect((await stat(secretsFile)).mode & 0o077).toBe(0)
      secrets.push(await readFile(secretsFile, 'utf8'))
    }
    expect(secrets).toEqual(["WEBHOOK_KEYRING='k1:webhooks'\n", "BUILD_KEYRING='k1:builds'\n", ''])
    const client = JSON.parse(await readFile(files[0] ?? '', 'utf8'))
    expect(client.vars).toMatchObject({ ENVIRONMENT: 'local', GIT_TAG: 'unreleased' })
  })
})
