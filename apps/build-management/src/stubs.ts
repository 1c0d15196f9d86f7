import type { BuildId } from '@workers-builds/contracts'
import type { BuildBuddy } from './build-buddy/build-buddy.ts'
import type { BuildErrorsAgent } from './build-errors-agent/build-errors-agent.ts'
import type { BuildReporter } from './build-reporter/build-reporter.ts'
import type { EventDispatcher } from './event-dispatcher/event-dispatcher.ts'
import type { Scheduler } from './scheduler/scheduler.ts'

type Hinted = Pick<Env, 'LOCATION_HINT'>

/** The one Scheduler. */
export function getScheduler(env: Pick<Env, 'SCHEDULER'> & Hinted): DurableObjectStub<Scheduler> {
  return env.SCHEDULER.get(env.SCHEDULER.idFromName('scheduler'), near(env))
}

/** The one BuildErrorsAgent. */
export function getBuildErrorsAgent(
  env: Pick<Env, 'BUILD_ERRORS_AGENT'> & Hinted,
): DurableObjectStub<BuildErrorsAgent> {
  const id = env.BUILD_ERRORS_AGENT.idFromName('build-errors-agent')
  return env.BUILD_ERRORS_AGENT.get(id, near(env))
}

/** The EventDispatcher of a subscription. */
export function getEventDispatcher(
  env: Pick<Env, 'EVENT_DISPATCHER'> & Hinted,
  event_subscription_id: string,
): DurableObjectStub<EventDispatcher> {
  return env.EVENT_DISPATCHER.get(env.EVENT_DISPATCHER.idFromName(event_subscription_id), near(env))
}

/** The BuildReporter of a repository connection. */
export function getBuildReporter(
  env: Pick<Env, 'BUILD_REPORTER'> & Hinted,
  repo_connection_uuid: string,
): DurableObjectStub<BuildReporter> {
  return env.BUILD_REPORTER.get(env.BUILD_REPORTER.idFromName(repo_connection_uuid), near(env))
}

/** The BuildBuddy of a build. */
export function getBuildBuddy(
  env: Pick<Env, 'BUILD_BUDDY'> & Hinted,
  build_id: BuildId,
): DurableObjectStub<BuildBuddy> {
  return env.BUILD_BUDDY.get(env.BUILD_BUDDY.idFromName(String(build_id)), near(env))
}

/** An object stays where it is first addressed: near the database. */
function near({ LOCATION_HINT }: Hinted): DurableObjectNamespaceGetDurableObjectOptions {
  return { locationHint: LOCATION_HINT as DurableObjectLocationHint }
}
