import { describe, expect } from 'vitest'
import { test } from './testing/harness.ts'

const MANIFEST = JSON.stringify({
  name: 'fixture',
  private: true,
  dependencies: { 'is-number': '7.0.0' },
})

const VERSION = '1f2a3b4c-5d6e-4f70-8192-a3b4c5d6e7f8'
/** What wrangler does at the end of a deployment. */
const DEPLOY = `echo '{"type":"deploy","version_id":"${VERSION}"}' >> "$WRANGLER_OUTPUT_FILE_PATH"`

describe('a build that succeeds', () => {
  test('is cloned, installed, built and deployed, in the words of Workers Builds', async ({
    h,
  }) => {
    const repository = h.repository({ 'package.json': MANIFEST })
    const runner = await h.run(repository, {
      build_command: 'echo built >&2; echo "$CI $WORKERS_CI $WORKERS_CI_BRANCH $GREETING"',
      deploy_command: `node -p "require('is-number')(1)"; ${DEPLOY}`,
      variables: { GREETING: 'hello' },
    })
    expect(await runner.exited).toBe(0)
    expect(h.controlPlane.complaints).toEqual([])
    expect(h.controlPlane.messages.filter((message) => !/^$|^added 1/.test(message))).toEqual([
      'Initializing build environment...',
      'Success: Finished initializing build environment',
      'Cloning repository...',
      expect.stringMatching(/^Detected the following tools from environment: npm@\S+, nodejs@\S+$/),
      'Installing project dependencies: npm install',
      'Executing user build command: echo built >&2; echo "$CI $WORKERS_CI $WORKERS_CI_BRANCH $GREETING"',
      'built',
      'true 1 main hello',
      'Success: Build command completed',
      `Executing user deploy command: node -p "require('is-number')(1)"; ${DEPLOY}`,
      'true',
      'Success: Deploy command completed',
    ])
    expect(h.controlPlane.stopped).toMatchObject({
      build_outcome: 'success',
      failure_reason: null,
      exit_code: null,
      line_count: h.controlPlane.lines.length,
      deployment: { version_id: VERSION, preview_url: null },
      steps: [
        { step: 'initializing', exit_code: null },
        { step: 'cloning', exit_code: 0 },
        { step: 'installing', exit_code: 0 },
        { step: 'building', exit_code: 0 },
        { step: 'deploying', exit_code: 0 },
      ],
    })
  })
})
