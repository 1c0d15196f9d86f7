import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { commitFiles, git } from '../testing/git-repository.ts'
import { startGitServer } from '../testing/git-server.ts'
import { test } from '../testing/harness.ts'
import { cloneSource } from './git-credentials.ts'
import { passingTrouble } from './passing-trouble.ts'

const PASSWORD = 'gh-password-7f3a9c'
const CREDENTIALS = { username: 'x-access-token', password: PASSWORD }

describe.concurrent('cloning', () => {
  test('fetches just the commit that is asked for, on the branch of its push', async ({ h }) => {
    const first = h.repository({ file: 'first' })
    commitFiles(first.folder, { file: 'second' })
    await h.run(first, {
      repository: { branch: 'feature/x' },
      build_command:
        'cat file; echo; git rev-parse HEAD; git rev-parse --abbrev-ref HEAD; git rev-list --all --count',
    })
    expect(h.controlPlane.messages).toEqual(
      expect.arrayContaining(['first', first.commit_hash, 'feature/x', '1']),
    )
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  })

  test('takes submodules along, also nested ones', async ({ h }) => {
    const inner = h.repository({ inner: 'of inner' }, 'inner')
    const outer = h.repository({ outer: 'of outer' }, 'outer')
    git(outer.folder, 'submodule', '--quiet', 'add', '../inner', 'inner')
    commitFiles(outer.folder, {})
    const repository = h.repository({ file: '' })
    git(repository.folder, 'submodule', '--quiet', 'add', '../outer', 'libs/outer')
    const build_command = 'cat libs/outer/outer libs/outer/inner/inner'
    await h.run(commitFiles(repository.folder, {}), { build_command })
    expect(h.controlPlane.messages).toContain('of outerof inner')
    expect(inner.commit_hash).toHaveLength(40)
  })

  test('leaves submodules out where the trigger says so', async ({ h }) => {
    h.repository({ lib: 'of lib' }, 'lib')
    const repository = h.repository({ file: '' })
    git(repository.folder, 'submodule', '--quiet', 'add', '../lib', 'lib')
    await h.run(commitFiles(repository.folder, {}), {
      repository: { submodules: false },
      build_command: 'ls -A lib | wc -l',
    })
    expect(h.controlPlane.messages).toContain('0')
    expect(h.controlPlane.messages).toContainEqual(expect.stringContaining('clone_submodules off'))
  })

  test.for([
    [1, '1', 'no tag'],
    [2, '2', 'no tag'],
    [0, '4', 'v1-2-g'],
  ] as const)('with depth %s has %s commits and %s', async ([depth, commits, tag], { h }) => {
    const { folder } = h.repository({ file: '1' })
    commitFiles(folder, { file: '2' })
    git(folder, 'tag', 'v1')
    commitFiles(folder, { file: '3' })
    await h.run(commitFiles(folder, { file: '4' }), {
      repository: { depth, clone_url: `file://${folder}` },
      build_command: 'git rev-list --count HEAD; git describe --tags || echo no tag',
    })
    expect(h.controlPlane.messages).toContain(commits)
    expect(h.controlPlane.messages).toContainEqual(expect.stringMatching(`^${tag}`))
  })

  test('fails with a word on submodules when one is gone', async ({ h }) => {
    const gone = h.repository({ file: '' }, 'gone')
    const repository = h.repository({ file: '' })
    git(repository.folder, 'submodule', '--quiet', 'add', '../gone', 'gone')
    const commit = commitFiles(repository.folder, {})
    rmSync(gone.folder, { recursive: true })
    await h.run(commit, { build_command: 'echo never' })
    expect(h.controlPlane.messages.at(-1)).toBe(
      'Failed: error occurred while updating repository submodules',
    )
    expect(h.controlPlane.stopped).toMatchObject({ failure_reason: 'clone_failed' })
  })

  test('fails for a commit, and for a repository, that is not there', async ({ h }) => {
    const repository = h.repository({ file: '' })
    const missing = { ...repository, commit_hash: '1'.repeat(40) }
    await h.run(missing, { build_command: 'echo never' })
    expect(h.controlPlane.messages).toContainEqual(expect.stringMatching(/^fatal: .*not our ref/))
    expect(h.controlPlane.messages.at(-1)).toBe('Failed: error occurred while fetching repository')
    expect(h.controlPlane.stopped).toMatchObject({
      build_outcome: 'fail',
      failure_reason: 'clone_failed',
      exit_code: 128,
      steps: [{ step: 'initializing' }, { step: 'cloning', exit_code: 128 }],
    })
  })

  test.for(['missing', '../..', 'file', 'out'])(
    'fails when the root directory is %s',
    async (root_directory, { h }) => {
      const repository = h.repository({ file: '', 'folder/file': '' })
      git(repository.folder, 'config', 'core.symlinks', 'true')
      await import('node:fs').then(({ symlinkSync }) =>
        symlinkSync('..', join(repository.folder, 'out')),
      )
      await h.run(commitFiles(repository.folder, {}), { root_directory, build_command: 'pwd' })
      expect(h.controlPlane.messages.at(-1)).toBe('Failed: root directory not found')
      expect(h.controlPlane.stopped).toMatchObject({
        failure_reason: 'clone_failed',
        exit_code: null,
      })
    },
  )

  test.for(['folder', '/folder', './folder/', '/'])(
    'works in the root directory %s',
    async (root_directory, { h }) => {
      const repository = h.repository({ 'folder/file': '' })
      await h.run(repository, { root_directory, build_command: 'echo "in $PWD"' })
      const folder = root_directory === '/' ? '' : '/folder'
      expect(h.controlPlane.messages).toContainEqual(
        expect.stringMatching(new RegExp(`^in .*/repo${folder}$`)),
      )
    },
  )
})

describe.concurrent('credentials', () => {
  test('open a private repository and its submodules, and are gone before a command of the user', async ({
    h,
  }) => {
    // Its own: it looks for them in every process of the machine, and others clone meanwhile.
    const own = { username: 'x-access-token', password: `gh-password-${crypto.randomUUID()}` }
    const encoded = Buffer.from(`${own.username}:${own.password}`).toString('base64')
    h.repository({ lib: 'of lib' }, 'lib')
    const repository = h.repository({ file: '' })
    git(repository.folder, 'submodule', '--quiet', 'add', '../lib', 'lib')
    const commit = commitFiles(repository.folder, {})
    await using server = await startServer(h.folder('.'), undefined, own)
    await h.run(commit, {
      repository: {
        clone_url: `${server.url}/origin/.git`,
        credentials: own,
      },
      build_command: [
        'cat lib/lib; echo',
        'git remote get-url origin',
        // Nothing on disk, in git's configuration, in an environment or in arguments.
        `grep -rl -e gh-passwor -e ${encoded.slice(0, 30)} "$HOME" && echo FOUND ON DISK`,
        `cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n" | grep -c "BUILD_GIT_PASS.*=[g]${own.password.slice(1)}"`,
        'git config --list --show-origin | grep -v ^file:/etc | grep -ci -e helper -e extraheader',
        'ls -A "$HOME/.runner"; env | grep GIT_; git fetch || echo "no way in"',
      ].join('\n'),
    })
    const log = h.controlPlane.messages.join('\n')
    expect(log).toContain('of lib')
    expect(log).toContain(`\n${server.url}/origin/.git\n`)
    expect(log).not.toContain('\nFOUND ON DISK')
    expect(log).not.toMatch(/gh-password|output-|gitconfig/)
    expect(log).toContain('\n0\n0\n')
    expect(log).toContain('\nno way in')
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  })

  test.for([
    ['relative', () => '../lib'],
    ['HTTPS', (url: string) => `${url}/lib`],
    ['git@', (_: string, host: string) => `git@${host}:lib`],
    ['ssh://', (_: string, host: string) => `ssh://git@${host}/lib`],
  ] as const)(
    'open a submodule with a %s address on the connected host',
    async ([, address], { h }) => {
      await using server = await startServer(h.folder('.'))
      h.repository({ lib: 'of lib' }, 'lib')
      const { folder } = h.repository({ file: '' })
      git(folder, 'submodule', '--quiet', 'add', '../lib', 'lib')
      const { hostname } = new URL(server.url)
      git(
        folder,
        'config',
        '--file',
        '.gitmodules',
        'submodule.lib.url',
        address(server.url, hostname),
      )
      await h.run(commitFiles(folder, {}), {
        repository: { clone_url: `${server.url}/origin/.git`, credentials: CREDENTIALS },
        build_command: 'cat lib/lib',
      })
      expect(h.controlPlane.messages.join('\n')).toContain('of lib')
      expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
    },
  )

  test('of the user’s own open a submodule in the build command, as the documentation has it', async ({
    h,
  }) => {
    await using server = await startServer(h.folder('.'))
    h.repository({ lib: 'of lib' }, 'lib')
    const { folder } = h.repository({ file: '' })
    git(folder, 'submodule', '--quiet', 'add', '../lib', 'lib')
    git(folder, 'config', '--file', '.gitmodules', 'submodule.lib.url', `${server.url}/lib`)
    const { host } = new URL(server.url)
    await h.run(commitFiles(folder, {}), {
      repository: {
        clone_url: `${server.url}/origin/.git`,
        credentials: CREDENTIALS,
        submodules: false,
      },
      variables: { GIT_TOKEN: `secret:${PASSWORD}` },
      build_command: `git -c url."http://x-access-token:$GIT_TOKEN@${host}/".insteadOf=http://${host}/ submodule update --init && cat lib/lib`,
    })
    expect(h.controlPlane.messages.join('\n')).toContain('of lib')
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  })

  test('that are refused fail the clone, and do not show', async ({ h }) => {
    const repository = h.repository({ file: '' })
    await using server = await startServer(h.folder('.'))
    await h.run(repository, {
      repository: {
        clone_url: `${server.url}/origin/.git`,
        credentials: { username: 'x-access-token', password: 'wrong-password' },
      },
    })
    expect(h.controlPlane.messages).toContainEqual(
      expect.stringContaining('fatal: Authentication failed for'),
    )
    expect(h.controlPlane.messages.join('\n')).not.toContain('wrong-password')
    expect(h.controlPlane.stopped).toMatchObject({ failure_reason: 'clone_failed' })
  })

  test('in the address are taken out of it', async ({ h }) => {
    const repository = h.repository({ file: '' })
    await using server = await startServer(h.folder('.'))
    const clone_url = server.url.replace('http://', `http://x-access-token:${PASSWORD}@`)
    await h.run(repository, {
      repository: { clone_url: `${clone_url}/origin/.git` },
      build_command: 'git remote get-url origin; grep -r gh-pass "$HOME" || echo not found',
    })
    expect(h.controlPlane.messages).toContain(`${server.url}/origin/.git`)
    expect(h.controlPlane.messages).toContain('not found')
  })

  test('in an address are used, unless the build has credentials of its own', () => {
    const given = { username: 'a', password: 'b' }
    const common = { branch: 'main', commit_hash: '1'.repeat(40), depth: 1, submodules: true }
    const source = (clone_url: string, credentials: typeof given | null) =>
      cloneSource({ ...common, clone_url, credentials })
    expect(source('https://c:d%40e@git.example/x.git', given)).toEqual({
      url: 'https://git.example/x.git',
      credentials: given,
    })
    expect(source('https://c:d%40e@git.example/x.git', null)).toEqual({
      url: 'https://git.example/x.git',
      credentials: { username: 'c', password: 'd@e' },
    })
    expect(source('/srv/x.git', null)).toEqual({ url: '/srv/x.git', credentials: null })
    const ssh = 'git@git.example:team/x.git'
    expect(source(ssh, null)).toEqual({ url: ssh, credentials: null })
  })
})

describe.concurrent('a Git host', () => {
  test('that is away for a moment is asked again, and the log says which and why, and no more', async ({
    h,
  }) => {
    const repository = h.repository({ file: '' })
    const troubles = [503, 'break', 429] as const
    await using server = await startServer(h.folder('.'), (call) => troubles[call])
    await h.run(repository, {
      repository: { clone_url: `${server.url}/origin/.git`, credentials: CREDENTIALS },
    })
    const log = h.controlPlane.messages.join('\n')
    const { host } = new URL(server.url)
    for (const reason of ['it answered 503', 'the connection broke', 'it answered 429'])
      expect(log).toContain(`Git host ${host} could not be reached (${reason}), trying again in`)
    expect(log).not.toMatch(/fatal|error/)
    expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  })

  test.for([401, 403, 404])('that answers %s is not asked again', async (status, { h }) => {
    const repository = h.repository({ file: '' })
    await using server = await startServer(h.folder('.'), () => status)
    await h.run(repository, {
      repository: { clone_url: `${server.url}/origin/.git`, credentials: CREDENTIALS },
    })
    expect(h.controlPlane.messages.join('\n')).not.toContain('trying again')
    expect(h.controlPlane.stopped).toMatchObject({ failure_reason: 'clone_failed' })
    // Once without and once with the credentials.
    expect(server.calls()).toBeLessThanOrEqual(2)
  })
})

test('only what may pass by itself is tried again', () => {
  for (const passing of [
    "fatal: unable to access 'https://git.example/a.git/': Could not resolve host: git.example",
    "fatal: unable to access 'https://git.example/a.git/': The requested URL returned error: 502",
    'error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)',
    'fatal: early EOF\nfatal: fetch-pack: invalid index-pack output',
  ])
    expect(passingTrouble(passing)).toBeDefined()
  for (const lasting of [
    "fatal: unable to access 'https://git.example/a.git/': The requested URL returned error: 403",
    "remote: Repository not found.\nfatal: repository 'https://git.example/a.git/' not found",
    'fatal: remote error: upload-pack: not our ref 1111111\nfatal: the remote end hung up unexpectedly',
    "fatal: Authentication failed for 'https://git.example/a.git/'",
    "fatal: 'x' does not appear to be a git repository",
  ])
    expect(passingTrouble(lasting)).toBeUndefined()
})

test.each([
  [
    "fatal: unable to access 'https://git.example:8443/a.git/': …: Connection refused",
    'git.example:8443',
  ],
  ['ssh: connect to host git.example port 22: Connection refused', 'git.example'],
  [
    'ssh: Could not resolve hostname git.example: Temporary failure in name resolution',
    'git.example',
  ],
  ['fatal: early EOF', undefined],
])('the host that git could not reach is named: %s', (output, host) => {
  expect(passingTrouble(output)?.host).toBe(host)
})

async function startServer(
  folder: string,
  misbehave?: (call: number) => number | 'break' | undefined,
  credentials = CREDENTIALS,
) {
  const server = await startGitServer({ folder, ...credentials, ...(misbehave && { misbehave }) })
  return { ...server, [Symbol.asyncDispose]: server.close }
}
