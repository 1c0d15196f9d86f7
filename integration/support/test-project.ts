/** The demo project with a deploy command that needs nothing installed. */
export const TEST_PROJECT = {
  account_name: 'Integration',
  script_name: 'integration-worker',
  owner: 'demo',
  repo: 'integration-worker',
  build_command: 'npm run build',
  deploy_command: 'npm run deploy',
}
