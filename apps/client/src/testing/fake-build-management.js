// @ts-check
/**
 * What the binding BUILD_MANAGEMENT leads to in this Worker's tests; `integration/` tests both real
 * ones together. Plain JavaScript, since workerd loads it as it is.
 */
import { WorkerEntrypoint } from 'cloudflare:workers'

/** As a test sets it: `well`, `hanging`, `starting`, `without compute` or `without logs`. */
let behaviour = 'well'

/** @satisfies {Partial<import('@workers-builds/contracts').BuildManagementRpc>} */
const calls = {
  async checkHealth() {
    if (behaviour === 'hanging') return new Promise(() => {})
    const compute_host = behaviour === 'without compute' ? 'failing' : 'ok'
    const scheduler_status = behaviour === 'starting' ? 'starting' : 'ok'
    return { scheduler: scheduler_status, build_errors_queue: 'ok', compute_host }
  },
  async wakeScheduler() {},
  async getBackfillProgress() {
    if (behaviour === 'hanging') await scheduler.wait(60_000)
    return null
  },
  async listBuildImages() {
    return ['v10', 'v9']
  },
  // Lines that say which they are, counted from 1, of a log of ten.
  async getLogLines({ index, count }) {
    if (behaviour === 'without logs') throw new Error('the log cannot be read')
    return Array.from({ length: Math.min(count, 10 - index) }, (_, place) => {
      return [0, 'building', `line ${index + place + 1} of src/a.ts:${index + place + 1}:7`]
    })
  },
  async cancelBuild() {
    return { build_outcome: 'cancelled' }
  },
  // Not readable, and bound to its place.
  async sealBuildSecrets(secrets) {
    return secrets.map(({ plaintext, place }) => {
      const { table, row, column } = place
      return `v1.stub.${[table, row, column, plaintext.length].join('/')}`
    })
  },
  // A commit that has the length of the branch's name; none for the branch `gone`.
  async resolveBranch({ branch }) {
    if (branch === 'gone') return null
    await scheduler.wait(50)
    const commit_hash = branch.length.toString(16).padStart(40, '0')
    return { commit_hash, commit_message: `Head of ${branch}`, author: 'ada' }
  },
  async resolveCommit({ commit_hash }) {
    if (/^0+$/.test(commit_hash)) return null
    return { commit_hash: commit_hash.padEnd(40, '0'), commit_message: '', author: 'ada' }
  },
  // Names the Worker after the branch and folder of the request.
  async autofillConfig({ branch, root_directory }) {
    if (branch === 'gone') return null
    return {
      config_file: 'wrangler.toml',
      default_worker_name: branch + root_directory,
      env_worker_names: null,
      package_manager: 'npm',
      scripts: { build: 'vite build' },
    }
  },
}

export class BuildManagement extends WorkerEntrypoint {
  /** @param {string} as */
  behave(as) {
    behaviour = as
  }
}
Object.assign(BuildManagement.prototype, calls)

export default {}
