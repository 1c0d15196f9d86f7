import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildSpec } from '@workers-builds/contracts'
import { lineOf, listProcesses, type Process, workingBelow } from '@workers-builds/process-tree'
import { describe, expect } from 'vitest'
import { canSeparateUsers } from './build-uids.ts'
import { SHARED_FOLDERS } from './shared-leftovers.ts'
import { type Harness, test } from './testing/harness.ts'

/** Whether builds get all that is tested here: root on Linux, where namespaces can be made. */
const hasNamespaces = canSeparateUsers() && canUnshare()

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--mount', '--ipc', '--pid', '--fork', '--mount-proc', 'true'])
    return true
  } catch {
    return false
  }
}

const KINDS_OF_IPC = ['shm', 'sem', 'msg']

/** Leaves something everywhere where a build could, under a name that no other test uses. */
const leaveBehind = (name: string) => `
  for folder in ${SHARED_FOLDERS.join(' ')}; do echo secret > $folder/${name}; done
  cp /bin/bash /var/tmp/${name}-shell; chmod 6755 /var/tmp/${name}-shell
  ipcmk -M 4096; ipcmk -S 1; ipcmk -Q
  (env -i setsid sleep 4321 &)
  echo "left by $(id -u)"; sleep 300`

/** What is there of it for whoever runs this. */
const lookAround = (name: string) => `
  ls ${SHARED_FOLDERS.map((folder) => `${folder}/${name}`).join(' ')}
  ls /var/tmp/${name}-shell
  ipcs | grep -c 0x
  ps -e -o args= | grep -c '[s]leep 4321'
  true`

/** Segments, semaphores and queues of the user `uid` that the host itself has. */
const ipcOfHost = (uid: string) =>
  KINDS_OF_IPC.flatMap((kind) => readFileSync(`/proc/sysvipc/${kind}`, 'utf8').split('\n')).filter(
    (line) => line.split(/\s+/).includes(uid),
  )

const isRunner = ({ uid, pid }: Process, _: number, all: Process[]) =>
  uid === 0 && !all.some((other) => other.uid === 0 && other.ppid === pid)

/** Runs a build to its end; answers with its log. */
async function run(h: Harness, spec: BuildSpec): Promise<string[]> {
  await h.start(spec)
  await h.untilExited(spec)
  return h.controlPlane.messages(spec)
}

/** Does `work` while a file system of its own is mounted on `folder`, as on a machine's /tmp. */
async function withFileSystemOn(folder: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'test', folder])
  try {
    await work()
  } finally {
    execFileSync('umount', ['--lazy', folder])
  }
}

describe.runIf(hasNamespaces)('builds of one host', () => {
  test('share neither temporary files, nor memory, nor IPC, nor processes, and leave none', async ({
    h,
  }) => {
    const host = await h.startHost()
    expect(host.isolation).toContain('processes, IPC and temporary folders of their own')
    const name = `left-${crypto.randomUUID()}`
    const hostile = h.spec({ build_command: leaveBehind(name) })
    await h.start(hostile)
    await h.controlPlane.untilLogged(hostile, /^left by/)
    const left = h.controlPlane.messages(hostile)
    expect(left.filter((line) => / id: \d+/.test(line))).toHaveLength(3)
    const uid = left.at(-1)?.split(' ').at(-1) ?? ''

    const log = await run(h, h.spec({ build_command: lookAround(name) }))
    expect(log.filter((line) => line.includes('No such file'))).toHaveLength(4)
    expect(log.slice(-3)).toEqual(['0', '0', 'Success: Build command completed'])
    expect(ipcOfHost(uid)).toEqual([])
    for (const folder of SHARED_FOLDERS) expect(existsSync(join(folder, name))).toBe(false)

    await h.call('DELETE', `/builds/${hostile.build_uuid}`)
    expect(readdirSync(join(h.folder, 'builds'))).toEqual(['runner'])
    expect(workingBelow(h.folder)(listProcesses())).toEqual([])
    expect(h.logLines).toEqual([])
  })

  test('cannot write outside of their own folders, whatever the permissions there', async ({
    h,
  }) => {
    const open = join(h.repository, 'open')
    mkdirSync(open)
    chmodSync(open, 0o1777)
    await h.startHost()
    const spec = h.spec({
      build_command: `
        touch ${open}/file
        find / -maxdepth 3 \\( -path /proc -o -path /sys \\) -prune -o -type d -writable -print
        mount -o remount,rw / ; unshare -Ur mount -o remount,bind,rw / && echo remounted
        true`,
    })
    const log = await run(h, spec)
    expect(log.join('\n')).toContain('Read-only file system')
    expect(log).not.toContain('remounted')
    const writable = log.filter((line) => line.startsWith('/'))
    expect(writable.sort()).toEqual(SHARED_FOLDERS.toSorted())
    expect(readdirSync(open)).toEqual([])
  })

  test('gain nothing by programs that set the user', async ({ h }) => {
    const [setUid, setOwn] = [join(h.repository, 'id'), '/var/tmp/id']
    copyFileSync('/usr/bin/id', setUid)
    chmodSync(setUid, 0o6755)
    await h.startHost()
    const spec = h.spec({
      build_command: `
        echo "root's: $(${setUid} -u) $(${setUid} -g), own: $(id -u) $(id -g)"
        cp ${setUid} ${setOwn}; chmod 6755 ${setOwn}
        findmnt -no OPTIONS -T ${setOwn} | grep -c nosuid
        grep NoNewPrivs /proc/self/status`,
    })
    const log = await run(h, spec)
    expect(log.find((line) => line.startsWith("root's"))).toMatch(
      /^root's: (\d+) (\d+), own: \1 \2$/,
    )
    expect(log).toContain('1')
    expect(log).toContain('NoNewPrivs:\t1')
  })

  test('gain nothing either where the folders that they see are file systems of their own', async ({
    h,
  }) => {
    await withFileSystemOn(h.repository, async () => {
      await withFileSystemOn(join(h.folder, 'builds'), async () => {
        const [open, setUid] = [join(h.repository, 'open'), join(h.repository, 'id')]
        mkdirSync(open)
        chmodSync(open, 0o1777)
        copyFileSync('/usr/bin/id', setUid)
        chmodSync(setUid, 0o6755)
        const host = await h.startHost()
        const spec = h.spec({
          build_command: `
            touch ${open}/file
            findmnt -no OPTIONS -T ${setUid} | grep -vc nosuid
            echo own > file && cat file`,
        })
        const log = await run(h, spec)
        expect(log.join('\n')).toContain('Read-only file system')
        expect(readdirSync(open)).toEqual([])
        expect(log.slice(-3)).toEqual(['0', 'own', 'Success: Build command completed'])
        await host.close()
      })
    })
  })

  test('end with whatever process of theirs is killed from outside', async ({ h }) => {
    await h.startHost()
    for (const nth of [0, 1, 2]) {
      const spec = h.spec({ build_command: '(env -i setsid sleep 300 &); echo up; sleep 300' })
      await h.start(spec)
      await h.controlPlane.untilLogged(spec, 'up')
      // The runner, the first process of the namespace, and that one's parent, our child.
      const [runner] = workingBelow(h.folder)(listProcesses()).filter(isRunner)
      const line = lineOf(runner?.pid ?? 0)(listProcesses()).slice(0, 4)
      expect(line[3]?.pid).toBe(process.pid)
      process.kill(line[nth]?.pid ?? 0, 'SIGKILL')
      await h.untilExited(spec)
      expect(workingBelow(h.folder)(listProcesses())).toEqual([])
      expect(readdirSync(join(h.folder, 'builds'))).toEqual(['runner'])
    }
  })
})

describe.runIf(canSeparateUsers())('builds of a host without namespaces', () => {
  test('leave nothing in the places that all users share', async ({ h }) => {
    const host = await h.startHost({ namespaces: false })
    expect(host.isolation).toContain(
      'they share processes, IPC and temporary folders: namespaces are switched off',
    )
    const name = `left-${crypto.randomUUID()}`
    const build_command = `grep NoNewPrivs /proc/self/status; ${leaveBehind(name)}`
    const hostile = h.spec({ build_command })
    await h.start(hostile)
    await h.controlPlane.untilLogged(hostile, /^left by/)
    expect(h.controlPlane.messages(hostile)).toContain('NoNewPrivs:\t1')
    const uid = h.controlPlane.messages(hostile).at(-1)?.split(' ').at(-1) ?? ''
    expect(ipcOfHost(uid)).toHaveLength(3)
    for (const folder of SHARED_FOLDERS) expect(existsSync(join(folder, name))).toBe(true)
    await h.call('DELETE', `/builds/${hostile.build_uuid}`)
    expect(ipcOfHost(uid)).toEqual([])
    for (const folder of SHARED_FOLDERS) expect(existsSync(join(folder, name))).toBe(false)
    expect(existsSync(`/var/tmp/${name}-shell`)).toBe(false)
    expect(h.logLines).toEqual([])
  })
})
