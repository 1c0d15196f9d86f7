/**
 * How each Durable Object of this Worker is addressed. The types come from the bindings, so that
 * this file needs none of the classes: each of them imports it.
 */
import { type BuildId, buildBuddyName } from '@workers-builds/contracts'

type Hinted = Pick<Env, 'LOCATION_HINT'>
type ObjectBinding =
  | 'SCHEDULER'
  | 'BUILD_BUDDY'
  | 'BUILD_ERRORS_AGENT'
  | 'EVENT_DISPATCHER'
  | 'BUILD_REPORTER'
/** What `get` of a binding gives. */
type Stub<Binding extends ObjectBinding> = ReturnType<Env[Binding]['get']>

/** The one Scheduler. */
export function getScheduler(env: Pick<Env, 'SCHEDULER'> & Hinted): Stub<'SCHEDULER'> {
  return env.SCHEDULER.get(env.SCHEDULER.idFromName('scheduler'), near(env))
}

/** The one BuildErrorsAgent. */
export function getBuildErrorsAgent(
  env: Pick<Env, 'BUILD_ERRORS_AGENT'> & Hinted,
): Stub<'BUILD_ERRORS_AGENT'> {
  const id = env.BUILD_ERRORS_AGENT.idFromName('build-errors-agent')
  return env.BUILD_ERRORS_AGENT.get(id, near(env))
}

/** The EventDispatcher of a subscription. */
export function getEventDispatcher(
  env: Pick<Env, 'EVENT_DISPATCHER'> & Hinted,
  event_subscription_id: string,
): Stub<'EVENT_DISPATCHER'> {
  return env.EVENT_DISPATCHER.get(env.EVENT_DISPATCHER.idFromName(event_subscription_id), near(env))
}

/** The BuildReporter of a repository connection. */
export function getBuildReporter(
  env: Pick<Env, 'BUILD_REPORTER'> & Hinted,
  repo_connection_uuid: string,
): Stub<'BUILD_REPORTER'> {
  return env.BUILD_REPORTER.get(env.BUILD_REPORTER.idFromName(repo_connection_uuid), near(env))
}

/** The BuildBuddy of a build. */
export function getBuildBuddy(
  env: Pick<Env, 'BUILD_BUDDY'> & Hinted,
  build_id: BuildId,
): Stub<'BUILD_BUDDY'> {
  return env.BUILD_BUDDY.get(env.BUILD_BUDDY.idFromName(buildBuddyName(build_id)), near(env))
}

/** An object stays where it is first addressed: near the database. */
function near({ LOCATION_HINT }: Hinted): DurableObjectNamespaceGetDurableObjectOptions {
  return { locationHint: LOCATION_HINT as DurableObjectLocationHint }
}
