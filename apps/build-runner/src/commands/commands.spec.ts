import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { listProcesses, workingBelow } from '@workers-builds/process-tree'
import { describe, expect } from 'vitest'
import type { Harness, RunningRunner } from '../testing/harness.ts'
import { test } from '../testing/harness.ts'

/** Starts two processes that leave the command's session; one forgets its environment too. */
const HIDE = 'setsid sleep 300 & (env -i setsid sleep 300 &)'

/** A service of this machine, and what prints `reached` where it can be. */
async function startService() {
  const server = createServer((socket) => socket.end('reached\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const reach = `node -e "require('net').connect(${port}, '127.0.0.1').pipe(process.stdout)"`
  return { reach, [Symbol.asyncDispose]: async () => void server.close() }
}

/** Looks for a network outside of this machine. */
const SEEK = `node -e "require('net').connect(80, '192.0.2.1').on('error', (e) => { console.log(e.code); process.exit(1) })"`

describe.runIf(process.platform === 'linux').concurrent('a build command without network', () => {
  test('reaches nothing but itself, and the deploy command has the network', async ({ h }) => {
    await using service = await startService()
    await h.run(h.repository({ file: '' }), {
      network: 'none',
      build_command: `${service.reach} || echo 'not reached'`,
      deploy_command: service.reach,
    })
    const { messages } = h.controlPlane
    expect(messages).toContainEqual(
      expect.stringMatching(
        /^The build command has no network.*: network of the trigger is none\.$/,
      ),
    )
    expect(messages.filter((line) => line.endsWith('reached'))).toEqual(['not reached', 'reached'])
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  })

  test('cannot get it back', async ({ h }) => {
    await using service = await startService()
    await h.run(h.repository({ file: '' }), {
      network: 'none',
      build_command: `
        for pid in 1 $PPID; do nsenter --net=/proc/$pid/ns/net ${service.reach}; done
        unshare --user --map-root-user nsenter --net=/proc/1/ns/net ${service.reach}
        exit 1`,
    })
    const { messages } = h.controlPlane
    expect(messages).not.toContain('reached')
    expect(h.controlPlane.stopped).toMatchObject({ failure_reason: 'build_command_failed' })
  })

  test('that fails by it says so', async ({ h }) => {
    await h.run(h.repository({ file: '' }), { network: 'none', build_command: SEEK })
    expect(h.controlPlane.messages.slice(-3)).toEqual([
      'ENETUNREACH',
      expect.stringMatching(/^Network shut off: the build command tried to reach something/),
      'Failed: error occurred while running build command',
    ])
  })

  test('that fails otherwise does not', async ({ h }) => {
    await h.run(h.repository({ file: '' }), { network: 'none', build_command: 'exit 3' })
    expect(h.controlPlane.stopped).toMatchObject({ exit_code: 3 })
    expect(h.controlPlane.messages.join('\n')).not.toContain('Network shut off')
  })
})

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

  test.runIf(process.platform === 'linux')(
    'are ended before their runner where memory runs out, from their first moment',
    async ({ h }) => {
      // The runner has its own again a moment after it has started the command.
      const own = readFileSync('/proc/self/oom_score_adj', 'utf8').trim()
      const build_command = `cat /proc/self/oom_score_adj
        until [ "$(cat /proc/$PPID/oom_score_adj)" = ${own} ]; do :; done
        echo over`
      await h.run(h.repository({ file: '' }), { build_command })
      expect(h.controlPlane.messages.slice(-3, -1)).toEqual(['500', 'over'])
    },
  )

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
