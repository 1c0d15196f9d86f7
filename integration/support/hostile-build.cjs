/** Run as a build: tries what REACHES lists, and prints what it reached, or null. */
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const net = require('node:net')
const { dirname, join } = require('node:path')

const targets = JSON.parse(fs.readFileSync('targets.json', 'utf8'))
const attempt = (action) => {
  try {
    return action() ?? null
  } catch {
    return null
  }
}
const read = (path) => attempt(() => fs.readFileSync(path, 'latin1')) ?? ''
const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))

/** The processes that we descend from; of them the first that is another user's is our runner. */
function findRunner() {
  let pid = process.pid
  for (;;) {
    const status = read(`/proc/${pid}/status`)
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])
    if (!parent) return pid
    const words = read(`/proc/${parent}/cmdline`)
    if (words.includes('build-runner') && !words.includes('sh\0-c')) return parent
    pid = parent
  }
}
const runner = findRunner()

function findFiles(top, depth) {
  const found = []
  for (const entry of attempt(() => fs.readdirSync(top, { withFileTypes: true })) ?? []) {
    const path = join(top, entry.name)
    if (entry.name === targets.marker) found.push(path)
    else if (entry.isDirectory() && depth > 0) found.push(...findFiles(path, depth - 1))
  }
  return found
}

const ownFolders = [process.cwd(), process.env.HOME]
const folders = ['/tmp', '/var/tmp', '/dev/shm', ...ownFolders, ...ownFolders.map(dirname)]
folders.push(dirname(dirname(process.env.HOME)))

const victims = pids.filter(
  (pid) => pid !== String(process.pid) && read(`/proc/${pid}/cmdline`).includes(targets.marker),
)
const kill = (pid, signal) =>
  attempt(() => {
    process.kill(pid, signal)
    return `${signal} to ${pid}`
  })

/** All values in all environments that may be read, and every token-like word of command lines. */
const environments = pids.map((pid) => read(`/proc/${pid}/environ`)).join('\0')
const words = pids.map((pid) => read(`/proc/${pid}/cmdline`)).join('\0')
const values = `${environments}\0${words}`
  .split('\0')
  .flatMap((entry) => [entry, entry.slice(entry.indexOf('=') + 1)])
const hash = (text) => createHash('sha256').update(text).digest('hex')

function connect(host, port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 2_000 })
    const end = (result) => {
      socket.destroy()
      resolve(result)
    }
    socket.on('connect', () => end(`${host}:${port}`))
    for (const event of ['error', 'timeout']) socket.on(event, () => end(null))
  })
}
const connectAny = async (hosts, port) =>
  (await Promise.all(hosts.map((host) => connect(host, port)))).find((each) => each !== null) ??
  null

async function main() {
  const found = {
    'files of another build': folders.flatMap((folder) => findFiles(folder, 2))[0] ?? null,
    'processes of another build': victims[0] ?? null,
    'signals to another build':
      victims.map((pid) => kill(pid, 'SIGCONT')).find((each) => each) ?? null,
    'shared memory of another build': attempt(() => {
      const rows = ['shm', 'sem', 'msg'].flatMap((kind) =>
        read(`/proc/sysvipc/${kind}`).trim().split('\n').slice(1),
      )
      return rows[0]
    }),
    'secrets of the control plane': values.some((value) => targets.secrets.includes(hash(value)))
      ? 'found'
      : null,
    'files of the control plane': attempt(
      () => fs.readFileSync(join(targets.stack, 'secrets.json'), 'utf8') && targets.stack,
    ),
    'environment of its runner': read(`/proc/${runner}/environ`) ? `/proc/${runner}/environ` : null,
    'memory of its runner': attempt(() => {
      const [start] = read(`/proc/${runner}/maps`).split('-')
      const file = fs.openSync(`/proc/${runner}/mem`, 'r')
      fs.readSync(file, Buffer.alloc(1), 0, 1, Number(`0x${start}`))
      return `/proc/${runner}/mem`
    }),
    'files of its runner':
      attempt(() => fs.readdirSync(`/proc/${runner}/fd`)[0]) ??
      attempt(() => fs.readdirSync('/run/build-runner') && '/run/build-runner'),
    'signals to its runner': kill(runner, 'SIGCONT') ?? kill(runner, 'SIGUSR1'),
    'call-back token': values.some((value) => /^[1-9]\d*\.[\w-]{43}$/.test(value)) ? 'found' : null,
    "the engine's socket":
      ['/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock'].find((path) =>
        attempt(() => fs.accessSync(path, fs.constants.W_OK) ?? true),
      ) ?? null,
    'services at 127.0.0.1': await connect('127.0.0.1', targets.service),
    "services of the machine's other addresses": await connectAny(targets.machine, targets.service),
    'the database': await connectAny(['127.0.0.1', ...targets.machine], targets.database),
    'metadata addresses': await connectAny(['169.254.169.254', '169.254.170.2'], 80),
  }
  console.log(`reached: ${JSON.stringify(found)}`)
}

main()
