import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { listProcesses, startedWith } from '@workers-builds/process-tree'
import { describe, expect } from 'vitest'
import { test } from './testing/harness.ts'

const processesOf = (build_uuid: string) =>
  startedWith(`WORKERS_CI_BUILD_UUID=${build_uuid}`)(listProcesses())

describe('a build on this host', () => {
  test('runs once, however often it is asked for, and leaves nothing behind', async ({ h }) => {
    await h.startHost()
    const spec = h.spec({ build_command: 'echo "home is $HOME"' })
    expect(await h.state(spec)).toBe('unknown')
    const answers = await Promise.all([h.start(spec), h.start(spec)])
    expect(answers.map(({ state }) => state)).toEqual(['running', 'running'])
    await h.untilExited(spec)
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
    expect(h.controlPlane.messages.filter((line) => line.startsWith('home is'))).toHaveLength(1)
    expect(await h.start(spec)).toMatchObject({ state: 'exited' })
    expect(readdirSync(join(h.folder, 'builds'))).toEqual([])
    expect(h.said).toEqual([])
  })

  test('is ended with all that it started, daemons too, before the answer comes', async ({ h }) => {
    await h.startHost()
    const daemon = '(env -i setsid sleep 300 & ); setsid sleep 300 & echo started; sleep 300'
    const spec = h.spec({ build_command: daemon })
    await h.start(spec)
    await h.controlPlane.until(() => h.controlPlane.messages.includes('started'))
    expect(processesOf(spec.build_uuid).length).toBeGreaterThan(1)
    const answer = await h.call('DELETE', `/builds/${spec.build_uuid}`)
    expect(answer).toEqual({
      status: 200,
      body: { v: 1, build_uuid: spec.build_uuid, state: 'exited' },
    })
    expect(processesOf(spec.build_uuid)).toEqual([])
    expect(existsSync(join(h.folder, 'builds', spec.build_uuid))).toBe(false)
  })
})
