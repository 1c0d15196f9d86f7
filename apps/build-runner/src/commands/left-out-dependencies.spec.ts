import { detect } from '@workers-builds/error-detection'
import { describe, expect } from 'vitest'
import { test } from '../testing/harness.ts'

const MANIFEST = {
  name: 'site',
  private: true,
  scripts: { build: 'semver 1.2.3' },
  devDependencies: { semver: '7.7.2' },
}

describe('a command that devDependencies bring, which were left out', () => {
  const WAYS: Record<string, { files?: object; variables?: Record<string, string>; by: string }> = {
    'a file': { files: { '.npmrc': 'fund=false\nomit=dev\n' }, by: '"omit=dev" in .npmrc' },
    'a variable': { variables: { NPM_CONFIG_OMIT: 'dev' }, by: 'the variable NPM_CONFIG_OMIT=dev' },
  }
  test.for(Object.entries(WAYS))(
    'by %s: the log says so, and so does the detector',
    { timeout: 120_000 },
    async ([, { files = {}, variables = {}, by }], { h }) => {
      const repository = h.repository({ 'package.json': JSON.stringify(MANIFEST), ...files })
      await h.run(repository, { build_command: 'npm run build', variables })
      const { messages } = h.controlPlane
      const line = messages.findIndex((message) => message.startsWith('devDependencies are not'))
      expect(messages[line]).toBe(
        `devDependencies are not installed, since ${by} leaves them out: one of them may bring semver, which was not found.`,
      )
      const { errors } = detect(messages, { failure_reason: 'build_command_failed' })
      expect(errors[0]).toMatchObject({ line, cause: 'dev_dependencies_left_out' })
    },
  )

  test('nothing is said of a command that nothing brings', { timeout: 120_000 }, async ({ h }) => {
    const manifest = { ...MANIFEST, scripts: { build: 'no-such-tool' } }
    await h.run(h.repository({ 'package.json': JSON.stringify(manifest) }), {
      build_command: 'npm run build',
    })
    const { messages } = h.controlPlane
    expect(messages.join('\n')).toContain('no-such-tool: not found')
    expect(messages.join('\n')).not.toContain('devDependencies are not installed')
  })
})
