import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { InvalidSpec, readSpec } from './read-spec.ts'

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
  root_directory: '/',
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
