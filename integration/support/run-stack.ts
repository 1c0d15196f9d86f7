/**
 * Runs a system in the folder given until SIGTERM, with the Workers bundled before. Prints where it serves as one line
 * of JSON.
 */
import { startStack } from '@workers-builds/local/stack'
import { TEST_PROJECT } from './test-project.ts'

const [dir, bundles] = process.argv.slice(2)
if (dir === undefined || bundles === undefined) {
  throw new Error('usage: run-stack.ts <folder> <bundles as JSON>')
}
const stack = await startStack({
  dir,
  project: TEST_PROJECT,
  bundles: JSON.parse(bundles),
  patience: { healthCheckMs: 1_000, missingGraceMs: 3_000 },
})
const { url, account_id, script_tag, token, platform_token, git_remote } = stack
console.log(JSON.stringify({ url, account_id, script_tag, token, platform_token, git_remote }))
process.once('SIGTERM', () => void stack.stop())
