import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { BuildSpec } from '@workers-builds/contracts'
import { listProcesses, startedWith, workingBelow } from '@workers-builds/process-tree'
import { describe, expect, onTestFinished, vi } from 'vitest'
import { canSeparateUsers } from './build-uids.ts'
import { test } from './testing/harness.ts'

const APP = new URL('./compute-host.app.ts', import.meta.url).pathname

/** Leaves its session, its parents and its environment behind, and says so when its daemons sleep. */
const DAEMON = `(env -i setsid sleep 300 & )
setsid sleep 300 &
until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.01; done
echo started
sleep 300`

const processesOf = ({ build_uuid }: BuildSpec) =>
  startedWith(`WORKERS_CI_BUILD_UUID=${build_uuid}`)(listProcesses())

/** The only runner below `folder`: of what works there, the last that has the host's own user. */
function runnerOf(folder: string): number {
  const own = workingBelow(folder)(listProcesses()).filter(({ uid }) => uid === process.getuid?.())
  const runner = own.find(({ pid }) => !own.some(({ ppid }) => ppid === pid))
  if (runner === undefined) throw new Error('no runner is there')
  return runner.pid
}

describe('a build on this host', () => {
  test('runs once, however often it is asked for, and leaves nothing behind', async ({ h }) => {
    await h.startHost()
    const spec = h.spec({ build_command: 'echo "home is $HOME"' })
    expect(await h.state(spec)).toBe('unknown')
    const answers = await Promise.all([h.start(spec), h.start(spec)])
    expect(answers.map(({ state }) => state)).toEqual(['running', 'running'])
    await h.untilExited(spec)
    expect(h.controlPlane.stopped(spec)).toMatchObject({ build_outcome: 'success' })
    expect(h.controlPlane.messages(spec).filter((line) => line.startsWith('home is'))).toHaveLength(
      1,
    )
    expect(await h.start(spec)).toMatchObject({ state: 'exited' })
    expect(readdirSync(join(h.folder, 'builds'))).toEqual(['runner'])
  })

  test('is ended with all that it started, daemons too, before the answer comes', async ({ h }) => {
    await h.startHost()
    const spec = h.spec({ build_command: DAEMON })
    await h.start(spec)
    await h.controlPlane.untilLogged(spec, 'started')
    expect(processesOf(spec).length).toBeGreaterThan(1)
    const answer = await h.call('DELETE', `/builds/${spec.build_uuid}`)
    expect(answer).toEqual({
      status: 200,
      body: { v: 1, build_uuid: spec.build_uuid, state: 'exited' },
    })
    expect(processesOf(spec)).toEqual([])
    expect(workingBelow(h.folder)(listProcesses())).toEqual([])
    expect(existsSync(join(h.folder, 'builds', spec.build_uuid))).toBe(false)
  })

  test('is run by a runner that waited for it, in a folder that nobody used before', async ({
    h,
  }) => {
    const host = await h.startHost({ warmRunners: 1 })
    const folders = () => readdirSync(join(h.folder, 'builds')).filter((name) => name !== 'runner')
    const oneWaits = () =>
      vi.waitFor(() => expect([host.waitingRunners(), folders().length]).toEqual([1, 1]), 60_000)
    await oneWaits()
    const [waiting = ''] = folders()
    const [one, two] = [
      h.spec({ build_command: 'ls -A; echo "home is $HOME"; echo mine > ~/left-behind' }),
      h.spec({ build_command: 'ls -A ~; echo "home is $HOME"' }),
    ]
    await h.start(one)
    await h.untilExited(one)
    expect(h.controlPlane.messages(one).join('\n')).toContain(waiting)
    await oneWaits()
    await h.start(two)
    await h.untilExited(two)
    expect(h.controlPlane.stopped(two)).toMatchObject({ build_outcome: 'success' })
    expect(h.controlPlane.messages(two).join('\n')).not.toMatch(`left-behind|${waiting}`)
    await oneWaits()
    await host.close()
    expect(folders()).toEqual([])
    expect(workingBelow(h.folder)(listProcesses())).toEqual([])
    expect(h.logLines).toEqual([])
  })

  test('ends when its runner does, whatever killed it', async ({ h }) => {
    await h.startHost()
    const spec = h.spec({ build_command: 'echo started; setsid sleep 300 & sleep 300' })
    await h.start(spec)
    await h.controlPlane.untilLogged(spec, 'started')
    process.kill(runnerOf(h.folder), 'SIGKILL')
    await h.untilExited(spec)
    expect(processesOf(spec)).toEqual([])
  })

  test('is over at once when its runner cannot be started', async ({ h }) => {
    await h.startHost({ runnerCommand: [join(h.folder, 'no-such-program')] })
    const spec = h.spec()
    await h.start(spec)
    await h.untilExited(spec)
    expect(existsSync(join(h.folder, 'builds', spec.build_uuid))).toBe(false)
    expect(h.logLines.join()).toMatch(/ENOENT|No such file/)
  })

  test('leaves the processors to the system where that needs them', async ({ h }) => {
    await h.startHost({}, {})
    const spec = h.spec({ build_command: `node -p "'niceness ' + os.getPriority()"` })
    await h.start(spec)
    await h.untilExited(spec)
    expect(h.controlPlane.messages(spec)).toContain('niceness 19')
  })

  test('finds nothing of ours in its environment or its parents', async ({ h }) => {
    process.env['SEALING_KEY_OF_OURS'] = 'ours'
    await h.startHost({ env: { GIVEN_TO_ALL: 'yes' } })
    const environments = 'cat /proc/$PPID/environ /proc/self/environ | tr "\\0" "\\n"'
    const spec = h.spec({ build_command: `${environments}; ps -ww -o args= -p $PPID; pwd` })
    await h.start(spec)
    await h.untilExited(spec)
    const log = h.controlPlane.messages(spec).join('\n')
    expect(log).toContain('GIVEN_TO_ALL=yes')
    expect(log).not.toMatch(/SEALING_KEY_OF_OURS|callback-token|VITEST|\/node_modules\/\.bin/)
  })

  test.runIf(canSeparateUsers())(
    'cannot read another build’s folder, nor list which there are',
    async ({ h }) => {
      await h.startHost()
      const other = h.spec({ build_command: 'echo private > file; echo waiting; sleep 300' })
      await h.start(other)
      await h.controlPlane.untilLogged(other, 'waiting')
      const file = join(h.folder, 'builds', other.build_uuid, 'home', 'repo', 'file')
      const spec = h.spec({
        build_command: `id -u; cat ${file}; ls ${join(h.folder, 'builds')}; kill -0 1; true`,
      })
      await h.start(spec)
      await h.untilExited(spec)
      const log = h.controlPlane.messages(spec).join('\n')
      expect(existsSync(file)).toBe(true)
      expect(log.match(/Permission denied/g)).toHaveLength(2)
      expect(log).toMatch(/Operation not permitted/i)
      expect(h.logLines).toEqual([])
    },
  )
})

test.runIf(canSeparateUsers())(
  'no process of a step is left for the next one, however well it hides',
  async ({ h }) => {
    await h.startHost()
    const spec = h.spec({
      build_command: '(cd / && env -i setsid sleep 300 &); echo built',
      deploy_command: 'ps -u "$(id -u)" -o args= | grep -c "[s]leep 300"; true',
    })
    await h.start(spec)
    await h.untilExited(spec)
    expect(h.controlPlane.messages(spec).slice(-2)).toEqual([
      '0',
      'Success: Deploy command completed',
    ])
  },
)

test.runIf(canSeparateUsers())(
  'a command that does not exist is reported as such, though the host’s PATH has private folders',
  async ({ h }) => {
    const privateFolder = join(h.folder, 'private')
    mkdirSync(join(privateFolder, 'bin'), { recursive: true })
    chmodSync(privateFolder, 0o700)
    onTestFinished(() => void vi.unstubAllEnvs())
    vi.stubEnv('PATH', `${join(privateFolder, 'bin')}:${process.env['PATH']}`)
    await h.startHost()
    const spec = h.spec({ build_command: "sh -c 'no-such-command; exit $?'" })
    await h.start(spec)
    await h.untilExited(spec)
    const log = h.controlPlane.messages(spec).join('\n')
    expect(log).toContain('no-such-command: not found')
    expect(h.controlPlane.stopped(spec)).toMatchObject({ exit_code: 127 })
  },
)

/** What a build could try to get at the token in its runner's memory. */
const ATTACK = `
const fs = require('node:fs')
const runner = process.argv[2]
const tries = {
  'read its memory': () => fs.openSync('/proc/' + runner + '/mem', 'r'),
  'read its environment': () => fs.readFileSync('/proc/' + runner + '/environ'),
  'see its memory map': () => fs.readFileSync('/proc/' + runner + '/maps'),
  'take its files': () => fs.readdirSync('/proc/' + runner + '/fd'),
  'see its root': () => fs.readlinkSync('/proc/' + runner + '/root'),
  'open its debugger': () => process.kill(runner, 'SIGUSR1'),
  'kill it': () => process.kill(runner, 'SIGKILL'),
  'stop it': () => process.kill(runner, 'SIGSTOP'),
  'become root': () => process.seteuid(0),
  'become root for good': () => process.setuid(0),
  'join its group': () => process.setegid(0),
}
for (const [what, attempt] of Object.entries(tries)) {
  try {
    attempt()
    console.log('could ' + what)
  } catch (error) {
    console.log(error.code + ': ' + what)
  }
}
console.log(fs.readFileSync('/proc/self/status', 'utf8').match(/^(Uid|Gid|CapEff|CapPrm):.*$/gm).join(' '))
console.log('groups ' + process.getgroups())
const idsOfRunner = () => fs.readFileSync('/proc/' + runner + '/status', 'utf8').match(/^Uid:.*$/m)[0]
// It is root until it has started this program: on a busy machine this program may be faster.
for (let tries = 0; tries < 1000 && idsOfRunner().split('\\t')[2] === '0'; tries++) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
}
console.log('runner ' + idsOfRunner())
`

describe.runIf(canSeparateUsers())('a build that attacks its runner', () => {
  test('reads nothing of it, cannot signal it, cannot become root, and lends it no rights', async ({
    h,
  }) => {
    await h.startHost()
    const build_command = 'node attack.cjs $PPID; exit 0'
    const spec = h.spec({ build_command }, { 'attack.cjs': ATTACK })
    await h.start(spec)
    await h.untilExited(spec)
    const log = h.controlPlane.messages(spec)
    expect(log.filter((line) => line.startsWith('could '))).toEqual([])
    expect(log.filter((line) => /^E[A-Z]+: /.test(line))).toHaveLength(11)
    const ids = log.find((line) => line.startsWith('Uid:')) ?? ''
    const [uid] = /[1-9]\d+/.exec(ids) ?? []
    expect(ids.replaceAll(/\s+/g, ' ')).toBe(
      `Uid: ${uid} ${uid} ${uid} ${uid} Gid: ${uid} ${uid} ${uid} ${uid} ` +
        'CapPrm: 0000000000000000 CapEff: 0000000000000000',
    )
    expect(log.find((line) => line.startsWith('groups'))).toMatch(new RegExp(`^groups (${uid})?$`))
    // Real, effective, saved, and the one that files are opened with.
    const runner = log.find((line) => line.startsWith('runner '))
    expect(runner?.split(/\s+/).slice(2)).toEqual(['0', uid, '0', uid])
    expect(h.controlPlane.stopped(spec)).toMatchObject({ build_outcome: 'success' })
  })
})

describe.runIf(canSeparateUsers())('a build’s user', () => {
  test('has a name, as programs expect that ask the system for one', async ({ h }) => {
    await h.startHost()
    const spec = h.spec({
      build_command:
        'echo "I am $(whoami) of $(id -gn), at home in $(eval echo ~build)"; echo $HOME',
    })
    await h.start(spec)
    await h.untilExited(spec)
    const log = h.controlPlane.messages(spec)
    const home = join(h.folder, 'builds', spec.build_uuid, 'home')
    expect(log).toContain(`I am build of build, at home in ${home}`)
    expect(readFileSync('/etc/passwd', 'utf8')).not.toContain(spec.build_uuid)
  })
})

describe('a host that cannot be reached by other users', () => {
  test.runIf(canSeparateUsers())(
    'gives builds a copy of Node and a place that they can reach',
    async ({ h }) => {
      const privateFolder = join(h.folder, 'private')
      mkdirSync(privateFolder, { mode: 0o700 })
      await h.startHost({ buildsDir: join(privateFolder, 'builds'), namespaces: false })
      const spec = h.spec({ build_command: 'id -u; pwd' })
      await h.start(spec)
      await h.untilExited(spec)
      expect(h.controlPlane.stopped(spec)).toMatchObject({ build_outcome: 'success' })
      expect(h.controlPlane.messages(spec).join('\n')).toMatch(/workers-builds-[0-9a-f]{12}\//)
      expect(h.logLines).toEqual([])
    },
  )

  test.runIf(canSeparateUsers())(
    'runs builds as its own user, and says so once, when they have to read what others cannot',
    async ({ h }) => {
      const privateFolder = join(h.folder, 'private')
      mkdirSync(privateFolder, { mode: 0o700 })
      await h.startHost({ readablePaths: [privateFolder] })
      const spec = h.spec({ build_command: 'echo "I am $(id -u)"' })
      await h.start(spec)
      await h.untilExited(spec)
      expect(h.controlPlane.messages(spec)).toContain('I am 0')
      expect(h.logLines).toEqual([expect.stringContaining('Builds run as root')])
    },
  )
})

describe('a host that was killed hard', () => {
  test('takes its builds with it, and the next one removes what they left', async ({ h }) => {
    const buildsDir = join(h.folder, 'builds')
    const { PATH = '' } = process.env
    const child = spawn(process.execPath, [APP], {
      env: {
        PATH,
        COMPUTE_HOST_TOKEN: h.token,
        COMPUTE_HOST_PORT: '0',
        COMPUTE_HOST_BUILDS_DIR: buildsDir,
        COMPUTE_HOST_READABLE_PATHS: h.repository,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [printed] = await once(child.stdout, 'data')
    h.useHost(String(printed).match(/http:\S+/)?.[0] ?? '')
    const spec = h.spec({ build_command: DAEMON })
    await h.start(spec)
    await h.controlPlane.untilLogged(spec, 'started')
    child.kill('SIGKILL')
    await once(child, 'exit')
    await vi.waitUntil(() => processesOf(spec).length === 0, { timeout: 60_000 })
    // Of the build, and of runners that waited for one.
    expect(readdirSync(buildsDir).length).toBeGreaterThan(1)
    writeFileSync(join(buildsDir, 'not-ours'), '')
    await h.startHost()
    expect(readdirSync(buildsDir)).toEqual(['not-ours', 'runner'])
    expect(workingBelow(h.folder)(listProcesses())).toEqual([])
    expect(await h.state(spec)).toBe('unknown')
    rmSync(join(buildsDir, 'not-ours'))
  })

  test('leaves the next one what cannot be removed; that warns, and serves', async ({ h }) => {
    const folder = join(h.folder, 'builds', crypto.randomUUID())
    mkdirSync(folder, { recursive: true })
    // A mount is what not even root can remove.
    const mounted = spawnSync('mount', ['-t', 'tmpfs', 'none', folder]).status === 0
    if (!mounted) chmodSync(join(h.folder, 'builds'), 0o555)
    try {
      await h.startHost({ runnerCommand: ['true'] })
      if (mounted)
        expect(h.logLines).toContainEqual(expect.stringContaining(`cannot remove ${folder}`))
      expect((await h.call('GET', `/builds/${crypto.randomUUID()}`)).status).toBe(200)
    } finally {
      if (mounted) spawnSync('umount', [folder])
      else chmodSync(join(h.folder, 'builds'), 0o755)
    }
  })

  test('does not run a build that it was asked to end before it was asked to run it', async ({
    h,
  }) => {
    await h.startHost()
    const spec = h.spec()
    await h.call('DELETE', `/builds/${spec.build_uuid}`)
    expect(await h.start(spec)).toMatchObject({ state: 'exited' })
    expect(h.controlPlane.messages(spec)).toEqual([])
  })
})
