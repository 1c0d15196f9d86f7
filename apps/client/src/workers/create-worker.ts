import { BuildsError, CreateWorker, v4Success, Worker } from '@workers-builds/contracts'
import { answersCreated, jsonBody, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'

export const createWorker = operation(
  {
    method: 'post',
    path: '/workers',
    operationId: 'createWorker',
    summary: 'Register a Worker, under its own tag or a new one',
    request: { params: AccountPath, body: jsonBody(CreateWorker) },
    responses: answersCreated(Worker),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const { name, id } = c.req.valid('json')
    const worker = await c.var.store.workers.insert({
      account_id,
      script_tag: id ?? crypto.randomUUID().replaceAll('-', ''),
      script_name: name,
    })
    if (worker === undefined) {
      throw new BuildsError('conflict', `A Worker of this name (${name}) or tag exists already.`)
    }
    const result: Worker = {
      id: worker.script_tag,
      name: worker.script_name,
      created_on: worker.created_on.toISOString(),
      updated_on: worker.modified_on.toISOString(),
    }
    return c.json(v4Success(result), 201)
  },
)
