/** Runs a system in the folder given until SIGTERM; prints where it serves as one line of JSON. */
import { startStack } from '@workers-builds/local/stack'
import { TEST_PROJECT } from './test-project.ts'

const [dir] = process.argv.slice(2)
if (dir === undefined) throw new Error('usage: run-stack.ts <folder>')
const stack = await startStack({
  dir,
  project: TEST_PROJECT,
  patience: { healthCheckMs: 1_000, missingGraceMs: 3_000 },
})
const { url, account_id, script_tag, token, platform_token, git_remote } = stack
console.log(JSON.stringify({ url, account_id, script_tag, token, platform_token, git_remote }))
process.once('SIGTERM', () => void stack.stop())
