import { workerdProject } from '@workers-builds/test-kit/workerd-project'

export default workerdProject({
  name: 'client',
  configPath: 'wrangler.toml',
  bindings: {
    WEBHOOK_KEYRING: `test:${btoa('0123456789abcdef0123456789abcdef')}`,
    GITHUB_APP_WEBHOOK_SECRET: 'secret of the App',
  },
  workers: [
    {
      // Only so that the binding leads somewhere: what client and build-management do together is
      // tested on the real ones, in /integration.
      name: 'workers-builds-build-management',
      script: `
        import { WorkerEntrypoint } from 'cloudflare:workers'
        // As a test says.
        let behaviour = 'well'
        export class BuildManagement extends WorkerEntrypoint {
          behave(as) { behaviour = as }
          checkHealth() {
            if (behaviour === 'hanging') return new Promise(() => {})
            const compute_host = behaviour === 'without compute' ? 'failing' : 'ok'
            const scheduler = behaviour === 'starting' ? 'starting' : 'ok'
            return { scheduler, build_errors_queue: 'ok', compute_host }
          }
          wakeScheduler() {}
          getBackfillProgress() {
            return behaviour === 'hanging' ? scheduler.wait(60_000) : null
          }
          cancelBuild() { return { build_outcome: 'cancelled' } }
          // Nothing that could be read, and bound to its place.
          sealBuildSecrets(secrets) {
            return secrets.map(({ plaintext, place }) =>
              'v1.stub.' + [place.table, place.row, place.column, plaintext.length].join('/'))
          }
          // A commit of the length of the branch's name; none for a branch that is not there.
          async resolveBranch({ branch }) {
            if (branch === 'gone') return null
            await scheduler.wait(50)
            const commit_hash = branch.length.toString(16).padStart(40, '0')
            return { commit_hash, commit_message: 'Head of ' + branch, author: 'ada' }
          }
          resolveCommit({ commit_hash }) {
            if (/^0+$/.test(commit_hash)) return null
            return { commit_hash: commit_hash.padEnd(40, '0'), commit_message: '', author: 'ada' }
          }
          // Names the Worker after where it was looked for.
          autofillConfig({ branch, root_directory }) {
            if (branch === 'gone') return null
            return {
              config_file: 'wrangler.toml', default_worker_name: branch + root_directory,
              env_worker_names: null, package_manager: 'npm', scripts: { build: 'vite build' },
            }
          }
        }
        export default {}`,
    },
    {
      name: 'workers-builds-build-errors',
      script: `
        import { WorkerEntrypoint } from 'cloudflare:workers'
        export class BuildErrors extends WorkerEntrypoint { getDetectorVersion() { return 1 } }
        export default {}`,
    },
  ],
})
