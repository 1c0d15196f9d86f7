import { BuildsError, type Commit, DeployHookRun, v4Success } from '@workers-builds/contracts'
import type { DeployHookBuild, DeployHookRow, Store, TriggerForPush } from '@workers-builds/store'
import type { Context } from 'hono'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { buildManagement, wakeScheduler } from '../bindings.ts'
import { queueBuild } from '../builds/queue-build.ts'
import type { ClientContext } from '../context.ts'
import { lockTriggerForBuild } from '../triggers/find-trigger.ts'
import { chooseTrigger } from './choose-trigger.ts'
import { noSuchHook } from './find-worker.ts'

/** How long a call waits for the build of another one, and how often it looks. */
const PATIENCE_MS = 20_000
const LOOK_EVERY_MS = 200

/**
 * Builds the head of the hook's branch. Whoever knows the address may call it; a body is not read.
 *
 * While a build of the hook is queued, that one is returned. Of simultaneous calls one
 * asks the Git provider, and the others wait for its build, so that a burst costs one request, one
 * build and one call of the quota.
 */
export const triggerDeployHook = operation(
  {
    method: 'post',
    path: '/{deploy_hook_uuid}',
    operationId: 'triggerDeployHook',
    summary: "Build the branch of a deploy hook, or return the hook's build that is still queued",
    security: [],
    request: { params: z.object({ deploy_hook_uuid: z.uuid() }) },
    responses: answers(DeployHookRun),
  },
  async (c) => {
    const { deploy_hook_uuid } = c.req.valid('param')
    const { created_on, ...build } = await findOrStartBuild(c, deploy_hook_uuid)
    return c.json(v4Success({ ...build, created_on: created_on.toISOString() }), 200)
  },
)

type HookBuild = DeployHookBuild & { already_exists: boolean }

async function findOrStartBuild(
  c: Context<ClientContext>,
  deploy_hook_uuid: string,
): Promise<HookBuild> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const turn = await c.var.store.transaction((tx) => takeTurn(tx, deploy_hook_uuid))
    if ('waiting' in turn) return { ...turn.waiting, already_exists: true }
    if ('hook' in turn) return await startBuild(c, turn.hook)
    if (Date.now() > deadline) {
      throw new BuildsError('unavailable', 'The Git provider does not respond; try again shortly.')
    }
    await scheduler.wait(LOOK_EVERY_MS)
  }
}

type Turn = { hook: DeployHookRow } | { waiting: DeployHookBuild } | { resolving: true }

/** What this call has to do; the hook's row is locked meanwhile, so that only one call goes on. */
async function takeTurn(tx: Pick<Store, 'deployHooks'>, deploy_hook_uuid: string): Promise<Turn> {
  const hook = await tx.deployHooks.lock(deploy_hook_uuid)
  if (hook === undefined) throw noSuchHook(deploy_hook_uuid)
  const waiting = await tx.deployHooks.selectWaitingBuild(deploy_hook_uuid)
  if (waiting !== undefined) return { waiting }
  if (hook.resolving) return { resolving: true }
  const retryAfterSeconds = await tx.deployHooks.takeQuota(hook)
  if (retryAfterSeconds !== null) {
    throw new BuildsError(
      'rate_limited',
      `Rate limit exceeded: deploy hooks start at most 10 builds a minute for a Worker and 100 for an account; try again in ${retryAfterSeconds} s`,
      { retryAfterSeconds },
    )
  }
  await tx.deployHooks.setResolving(deploy_hook_uuid, true)
  return { hook }
}

/** Queues a build of what the branch points at now. */
async function startBuild(c: Context<ClientContext>, hook: DeployHookRow): Promise<HookBuild> {
  const { store } = c.var
  const { deploy_hook_uuid, branch } = hook
  try {
    const trigger = await findTrigger(store, hook)
    const head = await resolveBranch(c.env, { trigger, branch })
    const build = await store.transaction(async (tx) => {
      if ((await tx.deployHooks.lock(deploy_hook_uuid)) === undefined)
        throw noSuchHook(deploy_hook_uuid)
      // Of another call, if this one was so slow that its turn had ended.
      const waiting = await tx.deployHooks.selectWaitingBuild(deploy_hook_uuid)
      if (waiting !== undefined) return { ...waiting, already_exists: true }
      await queueBuild(tx, {
        trigger: await lockTriggerForBuild(tx, trigger),
        commit: { ...head, branch },
        source: 'deploy_hook',
        deploy_hook_uuid,
      })
      const queued = await tx.deployHooks.selectWaitingBuild(deploy_hook_uuid)
      if (queued === undefined) throw new Error('a build that was just queued is not there')
      return { ...queued, already_exists: false }
    })
    wakeScheduler(c)
    return build
  } finally {
    await store.deployHooks.setResolving(deploy_hook_uuid, false)
  }
}

async function findTrigger(
  store: Pick<Store, 'triggers'>,
  { script_tag, branch }: DeployHookRow,
): Promise<TriggerForPush> {
  const trigger = chooseTrigger(await store.triggers.selectForDeployHook(script_tag), branch)
  if (trigger !== undefined) return trigger
  throw new BuildsError(
    'no_build_configuration',
    `No trigger of the Worker builds branch ${branch}: add a trigger for non-production branches, or give the hook the production branch`,
  )
}

async function resolveBranch(
  env: Env,
  { trigger, branch }: { trigger: TriggerForPush; branch: string },
): Promise<Commit> {
  const { repo_connection_uuid } = trigger
  const head = await buildManagement(env).resolveBranch({ repo_connection_uuid, branch })
  if (head !== null) return head
  throw new BuildsError('not_found', `Not found: the repository has no branch ${branch}`)
}
