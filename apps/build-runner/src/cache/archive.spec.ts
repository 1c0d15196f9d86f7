import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { Header } from 'tar'
import { expect, onTestFinished, test } from 'vitest'
import { packFolders, unpackFolders } from './archive.ts'

const { signal } = new AbortController()
const folders = ['.npm', 'deep/cache']

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [from, to, file] = [join(folder, 'from'), join(folder, 'to'), join(folder, 'archive')]
  mkdirSync(join(from, '.npm/inner'), { recursive: true })
  mkdirSync(join(from, 'deep/cache'), { recursive: true })
  mkdirSync(to)
  writeFileSync(join(from, '.npm/inner/file'), 'content')
  const pack = (maxBytes = 1_000_000) =>
    packFolders({ file, root: from, folders, maxBytes, signal })
  const unpack = () => unpackFolders({ file, root: to, folders, signal })
  return { folder, from, to, file, pack, unpack }
}

/** An archive made of headers that our own packer would never write. */
function craft(file: string, entries: { path: string; type: string; linkpath?: string }[]): void {
  const blocks = entries.flatMap(({ path, type, linkpath }) => {
    const size = type === 'File' ? 4 : 0
    const header = new Header({ path, size, mode: 0o644, mtime: new Date() })
    header.type = type as 'File'
    if (linkpath !== undefined) header.linkpath = linkpath
    const block = Buffer.alloc(512)
    header.encode(block)
    const content = Buffer.alloc(size === 0 ? 0 : 512)
    content.write(size === 0 ? '' : 'evil')
    return [block, content]
  })
  writeFileSync(file, zstdCompressSync(Buffer.concat([...blocks, Buffer.alloc(1_024)])))
}

test('what is packed is unpacked, but for links that lead elsewhere and what is no file', async () => {
  const { from, to, pack, unpack } = setUp()
  symlinkSync('inner/file', join(from, '.npm/near'))
  symlinkSync('/etc/passwd', join(from, '.npm/absolute'))
  symlinkSync('../../secret', join(from, '.npm/away'))
  execFileSync('mkfifo', [join(from, '.npm/pipe')])
  await pack()
  await unpack()
  expect(readdirSync(join(to, '.npm')).sort()).toEqual(['inner', 'near'])
  expect(readFileSync(join(to, '.npm/inner/file'), 'utf8')).toBe('content')
  expect(readlinkSync(join(to, '.npm/near'))).toBe('inner/file')
  expect(lstatSync(join(to, 'deep/cache')).isDirectory()).toBe(true)
})

test.for([
  ['a parent', [{ path: '.npm/../../evil', type: 'File' }]],
  ['an absolute path', [{ path: '/tmp/evil', type: 'File' }]],
  ['another folder of the home', [{ path: '.bashrc', type: 'File' }]],
  ['a name that only begins like a folder', [{ path: '.npmrc', type: 'File' }]],
  ['a link out of it', [{ path: '.npm/out', type: 'SymbolicLink', linkpath: '../../evil' }]],
  ['an absolute link', [{ path: '.npm/out', type: 'SymbolicLink', linkpath: '/etc' }]],
  ['a link in the place of a folder', [{ path: '.npm', type: 'SymbolicLink', linkpath: '..' }]],
  ['a second name of a file elsewhere', [{ path: '.npm/x', type: 'Link', linkpath: '../evil' }]],
  ['a device', [{ path: '.npm/null', type: 'CharacterDevice' }]],
  ['a pipe', [{ path: '.npm/pipe', type: 'FIFO' }]],
] as const)('an archive with %s is refused as a whole', async ([, entries], { expect }) => {
  const { folder, to, file, unpack } = setUp()
  craft(file, [...entries, { path: '.npm/later', type: 'File' }])
  await expect(unpack()).rejects.toThrow()
  expect(existsSync(join(folder, 'evil'))).toBe(false)
  expect(existsSync('/tmp/evil')).toBe(false)
  expect(readdirSync(to, { recursive: true })).toEqual([])
})

test('nothing is written through a link of the same archive', async () => {
  const { to, file, unpack } = setUp()
  craft(file, [
    { path: '.npm/inner', type: 'Directory' },
    { path: '.npm/link', type: 'SymbolicLink', linkpath: 'inner' },
    { path: '.npm/link/evil', type: 'File' },
  ])
  await unpack().catch(() => {})
  expect(existsSync(join(to, '.npm/inner/evil'))).toBe(false)
})

test('an archive that is cut off, or none at all, is refused', async () => {
  const { from, file, pack, unpack } = setUp()
  writeFileSync(join(from, '.npm/large'), crypto.getRandomValues(Buffer.alloc(60_000)))
  await pack()
  truncateSync(file, 30_000)
  await expect(unpack()).rejects.toThrow()
  writeFileSync(file, 'not an archive')
  await expect(unpack()).rejects.toThrow()
})

test('an archive that grows too large is given up', async () => {
  const { from, pack } = setUp()
  writeFileSync(join(from, '.npm/large'), crypto.getRandomValues(Buffer.alloc(60_000)))
  await expect(pack(50_000)).rejects.toThrow('the archive is over 50000 bytes')
})
