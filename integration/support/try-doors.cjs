/** Run as a build's user: tries ports, and prints a line of JSON for each door that is open. */
const { request } = require('node:http')
const { connect } = require('node:net')

const PATIENCE_MS = 5_000
const OK = 0

/** Status and body of an answer; nothing where no HTTP is spoken. */
const get = (port, path) =>
  new Promise((resolve) => {
    const asked = request({ port, path, host: '127.0.0.1', timeout: PATIENCE_MS }, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('close', () => resolve({ status: response.statusCode, body }))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve({}))
    asked.end()
  })

/** Whether a Postgres at `port` lets `user` in without asking for a password. */
const entersPostgres = (port, user) =>
  new Promise((resolve) => {
    const text = Buffer.from(`user\0${user}\0database\0postgres\0\0`)
    const head = Buffer.alloc(8)
    head.writeInt32BE(8 + text.length, 0)
    head.writeInt32BE(3 << 16, 4)
    const socket = connect({ port, host: '127.0.0.1', timeout: PATIENCE_MS })
    socket.on('data', (answer) => {
      resolve(
        answer.length >= 9 &&
          answer.toString('latin1', 0, 1) === 'R' &&
          answer.readInt32BE(5) === OK,
      )
      socket.destroy()
    })
    for (const end of ['timeout', 'error', 'close']) {
      socket.on(end, () => {
        resolve(false)
        socket.destroy()
      })
    }
    socket.write(Buffer.concat([head, text]))
  })

const report = (port, door) => console.log(JSON.stringify({ port, door }))

async function tryPort(port) {
  for (const path of ['/json', '/json/list', '/json/version']) {
    const { body = '' } = await get(port, path)
    if (/webSocketDebuggerUrl|devtoolsFrontendUrl|"Browser"/.test(body)) report(port, path)
  }
  for (const path of ['/cdn-cgi/explorer', '/cdn-cgi/local/explorer']) {
    for (const inside of ['/', '/api', '/api/local/workers']) {
      const { status } = await get(port, path + inside)
      if (status !== undefined && status < 400) report(port, path + inside)
    }
  }
  for (const user of ['postgres', 'workers_builds_serving']) {
    if (await entersPostgres(port, user)) report(port, `Postgres as ${user}`)
  }
}

Promise.all(process.argv.slice(2).map((port) => tryPort(Number(port))))
