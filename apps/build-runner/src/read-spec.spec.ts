import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { InvalidSpec, readSpec, readSpecOnce } from './read-spec.ts'

const SPEC = {
  v: 1,
  build_uuid: '7e9c2f0a-4b7e-4f5e-9d8a-0c1b2a3d4e5f',
  callback: { base_url: 'http://127.0.0.1:1', token: 'callback-token' },
  deadline_on: 1,
  heartbeat_seconds: 10,
  repository: {
    clone_url: '/x',
    branch: 'main',
    commit_hash: '1'.repeat(40),
    credentials: null,
    depth: 1,
    submodules: true,
  },
  worker: null,
  build_command: 'echo "ünï"',
  deploy_command: '',
  network: 'full',
  root_directory: '/',
  instance_type: null,
  cache: null,
  environment_variables: {},
}

function read(...pieces: (string | Buffer)[]) {
  const stdin = new PassThrough()
  const reading = readSpec(stdin)
  for (const piece of pieces) stdin.write(piece)
  return { reading, stdin }
}

test('a spec is a line, in however many pieces it comes, and the stream stays open', async () => {
  const bytes = Buffer.from(`${JSON.stringify(SPEC)}\n`)
  const pieces = Array.from(bytes, (byte) => Buffer.from([byte]))
  const { reading, stdin } = read(...pieces)
  expect(await reading).toEqual(SPEC)
  expect(stdin.destroyed).toBe(false)
})

test('what is wrong with a spec is said without its values', async () => {
  const invalid = { ...SPEC, callback: { base_url: 'no-address', token: 'callback-token' }, v: 2 }
  const { reading } = read(`${JSON.stringify(invalid)}\n`)
  await expect(reading).rejects.toThrow(InvalidSpec)
  await expect(reading).rejects.toThrow(/v: .*callback\.base_url: /)
  await expect(reading).rejects.not.toThrow(/no-address|callback-token/)
  await expect(read('{"callback-token": \n').reading).rejects.toThrow('is not a line of JSON')
})

test('a host that goes away before it gave a build is an error of its own', async () => {
  const { reading, stdin } = read('{')
  stdin.end()
  await expect(reading).rejects.toThrow('stdin closed before a build came')
})

async function makePipe(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spec-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const pipe = join(folder, 'spec')
  execFileSync('mkfifo', [pipe])
  return pipe
}

/** Whether this process has it open; as long as it waits for a writer it has not. */
async function isOpen(path: string): Promise<boolean> {
  const files = await readdir('/proc/self/fd')
  const targets = files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => undefined))
  return (await Promise.all(targets)).includes(path)
}

test('a container gets its build through a pipe, which is gone then', async () => {
  const pipe = await makePipe()
  const reading = readSpecOnce(pipe)
  await writeFile(pipe, `${JSON.stringify(SPEC)}\n`)
  expect(await reading).toEqual(SPEC)
  expect(existsSync(pipe)).toBe(false)
  // Started again, by an engine that restarts what failed, it has had its build.
  expect(await readSpecOnce(pipe)).toBeUndefined()
})

test('who dies while writing the build into the pipe is waited for again', async () => {
  const pipe = await makePipe()
  const reading = readSpecOnce(pipe)
  await writeFile(pipe, JSON.stringify(SPEC).slice(0, 40))
  // Until that was read to its end, what follows would be one text with it.
  await expect.poll(() => isOpen(pipe)).toBe(false)
  await writeFile(pipe, `${JSON.stringify(SPEC)}\n`)
  expect(await reading).toEqual(SPEC)
})
