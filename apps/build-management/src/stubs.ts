import type { BuildId } from '@workers-builds/contracts'
import type { BuildBuddy } from './build-buddy/build-buddy.ts'
import type { Scheduler } from './scheduler/scheduler.ts'

type Hinted = Pick<Env, 'LOCATION_HINT'>

/** The one Scheduler. */
export function getScheduler(env: Pick<Env, 'SCHEDULER'> & Hinted): DurableObjectStub<Scheduler> {
  return env.SCHEDULER.get(env.SCHEDULER.idFromName('scheduler'), near(env))
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
