/**
 * Runs a system in the folder given, with options given as JSON, until SIGTERM or until whoever
 * started it is gone. Prints where it serves as one line of JSON.
 */
import { startStack } from '@workers-builds/local/stack'
import { startHost } from './start-host.ts'
import { TEST_PROJECT } from './test-project.ts'

const [dir, options = '{}'] = process.argv.slice(2)
if (dir === undefined) throw new Error('usage: run-stack.ts <folder> [<options as JSON>]')
const { parts, ended, stop, ...address } = await startStack({
  dir,
  project: TEST_PROJECT,
  startHost,
  ...JSON.parse(options),
})
console.log(JSON.stringify(address))
let isEnding = false
const end = () => {
  // Whoever asks a second time would otherwise kill it halfway.
  if (isEnding) return
  isEnding = true
  process.stdin.destroy()
  void stop()
}
process.on('SIGTERM', end)
process.stdin.once('end', end).resume()
