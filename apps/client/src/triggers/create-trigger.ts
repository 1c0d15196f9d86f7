import {
  BuildsError,
  CreateTrigger,
  MAX_TRIGGERS,
  TriggerDetails,
  v4Success,
} from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { checkBuildImage } from './check-build-image.ts'
import { findTrigger } from './find-trigger.ts'
import { lockReferences } from './lock-references.ts'
import { triggerView } from './trigger.view.ts'

export const createTrigger = operation(
  {
    method: 'post',
    path: '/triggers',
    operationId: 'createTrigger',
    summary: 'Create a trigger: build a Worker from pushes to some branches of a repository',
    request: { params: AccountPath, body: jsonBody(CreateTrigger) },
    responses: answers(TriggerDetails),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const settings = c.req.valid('json')
    await checkBuildImage(c.env, settings)
    const worker = { account_id, script_tag: settings.external_script_id }
    const trigger = await c.var.store.transaction(async (tx) => {
      if (!(await tx.workers.lock(worker))) {
        throw new BuildsError(
          'not_found',
          `Not found: Worker ${worker.script_tag}; external_script_id is the tag that GET …/workers/scripts returns`,
        )
      }
      await lockReferences(tx, { account_id, ...settings })
      const others = await tx.triggers.selectByWorker(worker)
      if (others.length >= MAX_TRIGGERS) {
        const names = others.map((other) => `${other.trigger_name} (${other.trigger_uuid})`)
        throw new BuildsError(
          'conflict',
          `A Worker has at most ${MAX_TRIGGERS} triggers, and this one has ${names.join(' and ')}: change or delete one of them.`,
        )
      }
      const trigger_uuid = await tx.triggers.insert(settings)
      return await findTrigger(tx, { account_id, trigger_uuid })
    })
    return c.json(v4Success(triggerView(trigger)), 200)
  },
)
