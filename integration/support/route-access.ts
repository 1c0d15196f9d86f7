/** Who may call what: every route of the client Worker, by its operation. Data, and nothing else. */

/** What a route asks of its caller. */
export type Needs =
  /** Nothing: anybody may. */
  | 'nothing'
  /** Read, or write, permission on the account of the path. */
  | 'read'
  | 'write'
  | 'platform'
  /** The token of the very build. */
  | 'runner'
  /** Something else in the request than a bearer: it is tested where the route is. */
  | 'own proof'

export const ROUTES: Record<string, Needs> = {
  getOpenApiDocument: 'nothing',
  getHealth: 'nothing',

  receiveRunnerCallback: 'runner',
  receiveGitHubWebhook: 'own proof',
  receiveGitHubAppWebhook: 'own proof',
  receiveGitLabWebhook: 'own proof',
  // Its address is the secret.
  triggerDeployHook: 'own proof',
  // A token in the body, or any bearer: tested in session.spec.ts.
  createSession: 'own proof',
  getSession: 'own proof',
  deleteSession: 'nothing',
  // Any bearer; what its tools may see is tested there.
  mcp: 'own proof',
  // A ticket in the query.
  watchBuildLog: 'own proof',

  getBuildByUuid: 'read',
  getBuildLogs: 'read',
  getBuildErrors: 'read',
  listWorkerErrors: 'read',
  listAccountErrors: 'read',
  listBuildsByScript: 'read',
  createLiveLogTicket: 'read',
  getAccountLimits: 'read',
  getBuildsByVersionIds: 'read',
  getLatestBuildsByScripts: 'read',
  searchBuilds: 'read',
  getWorkerBuild: 'read',
  getWorkerService: 'read',
  'worker-script-list-workers': 'read',
  listBuildTokens: 'read',
  listEnvironmentVariables: 'read',
  listRepoConnections: 'read',
  listWebhookDeliveries: 'read',
  getWorkerConfigAutofill: 'read',
  listTriggersByScript: 'read',
  getDeployHook: 'read',
  'subscriptions-list': 'read',
  'subscriptions-get': 'read',
  listEventDeliveries: 'read',

  cancelBuildByUuid: 'write',
  retryBuild: 'write',
  createWorker: 'write',
  createWorkerBuild: 'write',
  updateWorkerBuild: 'write',
  deleteWorkerBuild: 'write',
  migrateToPreviews: 'write',
  'worker-script-delete-worker': 'write',
  createManualBuild: 'write',
  createBuildToken: 'write',
  deleteBuildToken: 'write',
  createTrigger: 'write',
  updateTrigger: 'write',
  deleteTrigger: 'write',
  purgeBuildCache: 'write',
  upsertEnvironmentVariables: 'write',
  deleteEnvironmentVariable: 'write',
  upsertRepoConnection: 'write',
  deleteRepoConnection: 'write',
  createGitGrant: 'write',
  listDeployHooks: 'write',
  createDeployHook: 'write',
  updateDeployHook: 'write',
  deleteDeployHook: 'write',
  'subscriptions-create': 'write',
  'subscriptions-patch': 'write',
  'subscriptions-delete': 'write',
  testEventSubscription: 'write',
  redeliverEvent: 'write',

  listTopBuildErrors: 'platform',
  getBuildErrorTrend: 'platform',
  listNewBuildErrors: 'platform',
  listUnclassifiedBuildErrors: 'platform',
  listBackfills: 'platform',
  startBackfill: 'platform',
  stopBackfill: 'platform',
  wakeScheduler: 'platform',
  eraseAccount: 'platform',
  giveGitHubInstallation: 'platform',
  takeGitHubInstallation: 'platform',
  getBuildCompletion: 'platform',
  listSealedSecrets: 'platform',
  rotateSecrets: 'platform',
}

/** What a caller gets: through to the route, or one of these. */
export type Verdict = 'through' | 401 | 403

/** Every kind of caller, against every need. */
export const CALLERS = {
  'no token': { read: 401, write: 401, platform: 401, runner: 401 },
  'a wrong token': { read: 401, write: 401, platform: 401, runner: 401 },
  'another scheme': { read: 401, write: 401, platform: 401, runner: 401 },
  'an expired token': { read: 401, write: 401, platform: 401, runner: 401 },
  "another account's token": { read: 403, write: 403, platform: 403, runner: 401 },
  'a read-only token': { read: 'through', write: 403, platform: 403, runner: 401 },
  'a token': { read: 'through', write: 'through', platform: 403, runner: 401 },
  'a platform token': { read: 403, write: 403, platform: 'through', runner: 401 },
  "the build's runner": { read: 401, write: 401, platform: 401, runner: 'through' },
  "another build's runner": { read: 401, write: 401, platform: 401, runner: 401 },
  'a JWT': { read: 'through', write: 'through', platform: 403, runner: 401 },
  'a JWT that Access adds': { read: 'through', write: 'through', platform: 403, runner: 401 },
  'a read-only JWT': { read: 'through', write: 403, platform: 403, runner: 401 },
  "a service token's JWT": { read: 'through', write: 'through', platform: 403, runner: 401 },
  'a platform JWT': { read: 403, write: 403, platform: 'through', runner: 401 },
  'a JWT of nobody we know': { read: 403, write: 403, platform: 403, runner: 401 },
  'an expired JWT': { read: 401, write: 401, platform: 401, runner: 401 },
  'a JWT that begins later': { read: 401, write: 401, platform: 401, runner: 401 },
  'a JWT for another application': { read: 401, write: 401, platform: 401, runner: 401 },
  'a JWT of another team': { read: 401, write: 401, platform: 401, runner: 401 },
  'a JWT with another key': { read: 401, write: 401, platform: 401, runner: 401 },
  'a JWT with a key that nobody published': { read: 401, write: 401, platform: 401, runner: 401 },
  'a JWT without signature': { read: 401, write: 401, platform: 401, runner: 401 },
  'a JWT signed with the public key as a secret': {
    read: 401,
    write: 401,
    platform: 401,
    runner: 401,
  },
} as const satisfies Record<string, Record<Exclude<Needs, 'nothing' | 'own proof'>, Verdict>>

export type CallerKind = keyof typeof CALLERS

/** What `caller` gets of a route. */
export function verdict(caller: CallerKind, needs: Needs): Verdict {
  return needs === 'nothing' || needs === 'own proof' ? 'through' : CALLERS[caller][needs]
}
