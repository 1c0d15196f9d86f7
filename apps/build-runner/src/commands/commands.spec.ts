import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listProcesses, workingBelow } from '@workers-builds/process-tree'
import { describe, expect } from 'vitest'
import type { Harness, RunningRunner } from '../testing/harness.ts'
import { test } from '../testing/harness.ts'

/** Starts two processes that leave the command's session; one forgets its environment too. */
const HIDE = 'setsid sleep 300 & (env -i setsid sleep 300 &)'

describe.concurrent('the user’s commands', () => {
  test.for([
    ['build_command', 'build_command_failed', 'build', 'exit 7', 7],
    ['deploy_command', 'deploy_command_failed', 'deploy', 'no-such-program', 127],
    ['build_command', 'build_command_failed', 'build', 'kill -9 $$', 137],
    ['deploy_command', 'deploy_command_failed', 'deploy', 'kill -TERM $$', 143],
  ] as const)('that fail end the build: %s → %s', async (row, { h }) => {
    const [command, failure_reason, kind, script, exit_code] = row
    const repository = h.repository({ file: '' })
    const runner = await h.run(repository, { deploy_command: 'echo deployed', [command]: script })
    expect(h.controlPlane.messages.at(-1)).toBe(
      `Failed: error occurred while running ${kind} command`,
    )
    expect(h.controlPlane.messages).not.toContain('deployed')
    const { stopped } = h.controlPlane
    expect(stopped).toMatchObject({ build_outcome: 'fail', failure_reason, exit_code })
    expect(stopped?.steps.at(-1)).toMatchObject({
      step: kind === 'build' ? 'building' : 'deploying',
      ended_on: expect.any(Number),
      exit_code,
    })
    expect(await runner.exited).toBe(0)
  })

  test('have their two outputs in the order of writing', async ({ h }) => {
    const script = 'for i in 1 2 3 4 5 6 7 8 9; do echo "out $i"; echo "err $i" >&2; done'
    await h.run(h.repository({ file: '' }), { build_command: script })
    const output = h.controlPlane.messages.filter((line) => /^(out|err) \d$/.test(line))
    const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((i) => [`out ${i}`, `err ${i}`])
    expect(output).toEqual(expected)
  })

  test('may write whatever they like, wherever', async ({ h }) => {
    await h.run(h.repository({ file: '' }), {
      build_command: [
        'printf "\\033[31mred\\033[0m\\n"',
        'printf "10%%\\r100%%\\n"',
        'printf "a\\000b \\377\\n"',
        'echo to a file > /dev/stderr',
        'cat',
        'test -t 1 || echo no terminal',
        'printf "no line break"',
      ].join('\n'),
    })
    expect(h.controlPlane.messages.slice(-7, -1)).toEqual([
      '\u001b[31mred\u001b[0m',
      '100%',
      'a\uFFFDb \uFFFD',
      'to a file',
      'no terminal',
      'no line break',
    ])
  })

  test('give way to their runner', async ({ h }) => {
    const build_command = 'until [ "$(nice)" = 10 ]; do :; done; echo "at $(nice)"'
    await h.run(h.repository({ file: '' }), { build_command })
    expect(h.controlPlane.messages).toContain('at 10')
  })

  test('may be silent: their runner repeats its status as often as it was asked to', async ({
    h,
  }) => {
    const runner = await h.start(h.repository({ file: '' }), {
      build_command: 'until [ -e enough ]; do sleep 0.1; done',
      heartbeat_seconds: 1,
    })
    const { updates } = h.controlPlane
    await h.controlPlane.until(
      () => updates.length > 2 && updates.at(-1)?.seq === updates.at(-3)?.seq,
    )
    expect(updates.at(-1)).toMatchObject({ status: 'running', heartbeat_seconds: 1 })
    writeFileSync(join(runner.home, 'repo', 'enough'), '')
    expect(await runner.exited).toBe(0)
  })

  test('run in an environment of their own', async ({ h }) => {
    const repository = h.repository({ file: '' })
    const runner = await h.run(
      repository,
      {
        build_command: 'env -0 > "$HOME/environment"',
        variables: { API_KEY: 'secret:key-value', WORKERS_CI_BRANCH: 'mine', CI: 'false' },
      },
      { FROM_IMAGE: 'kept' },
    )
    const environment = readFileSync(join(runner.home, 'environment'), 'utf8').split('\0')
    expect(environment).toEqual(
      expect.arrayContaining([
        'CI=false',
        'WORKERS_CI=1',
        `WORKERS_CI_BUILD_UUID=${runner.spec.build_uuid}`,
        `WORKERS_CI_COMMIT_SHA=${repository.commit_hash}`,
        'WORKERS_CI_BRANCH=mine',
        'API_KEY=key-value',
        'FROM_IMAGE=kept',
        `HOME=${runner.home}`,
      ]),
    )
    expect(environment.join()).not.toContain('/.bin')
  })

  test('leave no process to the next step, not even one that hid', async ({ h }) => {
    const build_command = `${HIDE}; echo built`
    const runner = await h.run(h.repository({ file: '' }), {
      build_command,
      deploy_command:
        'ps -e -o pid=,comm= | while read -r pid name; do [ "$(readlink /proc/$pid/cwd)" = "$PWD" ] && echo "$name"; done | grep -c sleep; true',
    })
    expect(h.controlPlane.messages.slice(-2)).toEqual(['0', 'Success: Deploy command completed'])
    expect(workingBelow(runner.home)(listProcesses())).toEqual([])
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  })

  test('have the last words of what they started in the log', async ({ h }) => {
    const build_command = 'echo first; { read -r; echo last; } < <(echo go) &'
    await h.run(h.repository({ file: '' }), { build_command })
    expect(h.controlPlane.messages).toContain('last')
  })

  test('cannot print a secret', async ({ h }) => {
    await h.run(h.repository({ file: '' }), {
      build_command: [
        'echo "key is $API_KEY"',
        'echo "$API_KEY" | cut -c-9 | tr -d "\\n"; echo "$API_KEY" | cut -c10-',
        'printf "%s" "$API_KEY" | base64',
        'echo "$PUBLIC"',
      ].join('; '),
      variables: { API_KEY: 'secret:sk-live-0123456789', PUBLIC: 'is shown' },
    })
    const log = h.controlPlane.messages.join('\n')
    expect(log).not.toContain('sk-live-0123456789')
    expect(log).not.toContain(btoa('sk-live-0123456789'))
    expect(h.controlPlane.messages.slice(-5, -1)).toEqual(['key is ***', '***', '***', 'is shown'])
  })
})

describe.concurrent('a build that is ended', () => {
  const endings = {
    'by SIGTERM': (runner) => runner.child.kill('SIGTERM'),
    'when its host is gone': (runner) => runner.child.stdin?.destroy(),
    'when the control plane has stopped it': (_, h) => {
      h.controlPlane.state = 'build_stopped'
    },
    'when its log is closed': (_, h) => {
      h.controlPlane.state = 'log_closed'
    },
    'when its token is refused': (_, h) => {
      h.controlPlane.misbehave = () => ({ answer: 401 })
    },
  } satisfies Record<string, (runner: RunningRunner, h: Harness) => unknown>

  test.for(Object.entries(endings))(
    '%s leaves no process and no last status',
    async (row, { h }) => {
      const [, end] = row
      const build_command = `${HIDE}; while echo on; do sleep 0.1; done`
      const runner = await h.start(h.repository({ file: '' }), { build_command })
      await h.controlPlane.until(() => h.controlPlane.messages.includes('on'))
      expect(runner.processes().length).toBeGreaterThan(0)
      end(runner, h)
      expect(await runner.exited).toBe(2)
      expect(workingBelow(runner.home)(listProcesses())).toEqual([])
      expect(h.controlPlane.stopped).toBeUndefined()
      expect(h.controlPlane.complaints).toEqual([])
      expect(runner.printed()).toBe('')
    },
  )

  test('by its deadline is ended by itself, and says nothing about it', async ({ h }) => {
    const runner = await h.start(h.repository({ file: '' }), {
      build_command: `${HIDE}; sleep 300`,
      deadline_on: Date.now() + 3_000,
    })
    expect(await runner.exited).toBe(2)
    expect(workingBelow(runner.home)(listProcesses())).toEqual([])
    expect(h.controlPlane.stopped).toBeUndefined()
    expect(h.controlPlane.messages.join('\n')).not.toMatch(/timed out|Failed/)
  })

  test('after its deadline is not begun', async ({ h }) => {
    const runner = await h.run(h.repository({ file: '' }), { deadline_on: Date.now() - 1 })
    expect(await runner.exited).toBe(2)
    expect(existsSync(join(runner.home, 'repo', 'file'))).toBe(false)
  })
})
