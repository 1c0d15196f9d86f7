import { detect } from '@workers-builds/error-detection'
import { describe, expect } from 'vitest'
import type { SpecChanges } from './testing/harness.ts'
import { test } from './testing/harness.ts'

const CASES = [
  {
    name: 'a build command',
    changes: { build_command: 'exit 3' },
    secrets: ['build', 'command', 'running'],
    failure_reason: 'build_command_failed' as const,
    last_line: 'Failed: error occurred while running build command',
    error: {
      error_code: 'build_command_failed',
      cause: 'build_command_failed',
      error_group: 'Failed: the build command printed nothing',
    },
  },
  {
    name: 'a deploy command',
    changes: { deploy_command: 'exit 3' },
    secrets: ['deploy', 'Failed', 'occurred'],
    failure_reason: 'deploy_command_failed' as const,
    last_line: 'Failed: error occurred while running deploy command',
    error: {
      error_code: 'deploy_command_failed',
      cause: 'deploy_command_failed',
      error_group: 'Failed: the deploy command printed nothing',
    },
  },
  {
    name: 'a root directory',
    changes: { root_directory: 'nope' },
    secrets: ['root', 'found', 'directory'],
    failure_reason: 'clone_failed' as const,
    last_line: 'Failed: root directory not found',
    error: {
      error_code: 'build_error',
      cause: 'root_directory_not_found',
      error_group: 'Failed: root directory not found',
    },
  },
] satisfies { name: string; changes: SpecChanges; [key: string]: unknown }[]

describe.for(CASES)('$name fails for the same reason', (row) => {
  const { changes, secrets, failure_reason, last_line, error } = row

  test.for([
    ['without secrets', []],
    ['with secrets that are words of the log', secrets],
  ] as const)('%s', async ([, values], { h }) => {
    const variables = Object.fromEntries(
      values.map((value, index) => [`SECRET_${index}`, `secret:${value}`]),
    )
    await h.run(h.repository({ file: '' }), { ...changes, variables })
    const { stopped, lines } = h.controlPlane
    expect(stopped).toMatchObject({ build_outcome: 'fail', failure_reason })
    expect(lines.at(-1)?.[2]).toBe(last_line)
    expect(detect(lines, { failure_reason }).errors).toMatchObject([error])
  })
})

test('a command stays masked in the sentence that announces it', async ({ h }) => {
  await h.run(h.repository({ file: '' }), {
    build_command: 'echo my build\necho s3cret-value',
    variables: { WORD: 'secret:build', VALUE: 'secret:s3cret-value' },
  })
  expect(h.controlPlane.messages).toEqual(
    expect.arrayContaining([
      'Executing user build command: echo my ***',
      'echo ***',
      'my ***',
      'Success: Build command completed',
    ]),
  )
})
