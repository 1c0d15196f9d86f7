import { expect, test } from 'vitest'
import { z } from 'zod'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

async function createCaller() {
  const tenant = await client.createTenant()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const builds = `/client/v4/accounts/${tenant.account_id}/builds`
  return {
    ...tenant,
    builds,
    send: (method: string, path: string, body?: unknown) =>
      client.call(path, {
        method,
        token,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  }
}

test('a misspelt field is refused by its name, with the one that was meant, and changes nothing', async () => {
  const { builds, trigger_uuid, send } = await createCaller()
  const answer = await send('PATCH', `${builds}/triggers/${trigger_uuid}`, {
    trigger_name: 'renamed',
    build_comand: 'x',
  })
  expect(answer).toMatchObject({
    status: 400,
    errors: [
      {
        message:
          'Invalid request body: build_comand: there is no such field; did you mean build_command?',
        source: { pointer: '/build_comand' },
      },
    ],
  })
  const [row] =
    await client.sql`select trigger_name from triggers where trigger_uuid = ${trigger_uuid}`
  expect(row?.['trigger_name']).not.toBe('renamed')
})

test('so is one of a variable, of a destination, and every one of several', async () => {
  const { builds, account_id, trigger_uuid, send } = await createCaller()
  const variables = await send(
    'PATCH',
    `${builds}/triggers/${trigger_uuid}/environment_variables`,
    {
      KEY: { is_secret: true, valeu: 'x', value: 'a secret' },
    },
  )
  expect(variables.errors).toMatchObject([
    { path: ['KEY', 'valeu'], message: expect.stringContaining('did you mean value?') },
  ])
  const subscription = await send(
    'POST',
    `/client/v4/accounts/${account_id}/event_subscriptions/subscriptions`,
    {
      name: 'x',
      source: { type: 'workersBuilds.worker', workerName: 'shop' },
      destination: { type: 'webhook', uri: 'https://x.example', url: 'https://x.example' },
      events: ['build.failed'],
      active: true,
    },
  )
  expect(subscription.status).toBe(400)
  expect(subscription.errors.map(({ path }) => path?.join('.'))).toEqual(
    expect.arrayContaining(['source.workerName', 'destination.uri', 'active']),
  )
})

test('what was read may be sent back', async () => {
  const { builds, trigger_uuid, script_tag, send } = await createCaller()
  const variables = `${builds}/triggers/${trigger_uuid}/environment_variables`
  const saved = await send('PATCH', variables, {
    KEY: { is_secret: true, value: 'correct horse' },
    PLAIN: { is_secret: false, value: 'x' },
  })
  expect((await send('PATCH', variables, saved.result)).status).toBe(200)
  const { result: triggers } = await send('GET', `${builds}/workers/${script_tag}/triggers`)
  const trigger = await send('PATCH', `${builds}/triggers/${trigger_uuid}`, triggers[0])
  expect(trigger.status).toBe(200)
})

test.each([
  ['GET', '/workers/TAG/builds?per_pag=5', 'did you mean per_page?'],
  ['GET', '/workers/TAG/builds?status=running', 'expected one of page, per_page'],
  ['GET', '/workers/TAG/triggers?search=x', 'expected no parameters'],
  ['DELETE', '/triggers/TRIGGER?force=true', 'expected no parameters'],
])('%s %s is refused by the name of the parameter', async (method, path, hint) => {
  const { builds, script_tag, trigger_uuid, send } = await createCaller()
  const filled = path.replace('TAG', script_tag).replace('TRIGGER', trigger_uuid)
  const answer = await send(method, builds + filled)
  expect(answer.status).toBe(400)
  expect(answer.errors[0]?.message).toContain(hint)
  expect(answer.errors[0]?.source).toEqual({ parameter: /\?(\w+)=/.exec(path)?.[1] })
})

test('a body is refused where there is none to give', async () => {
  const { builds, trigger_uuid, send } = await createCaller()
  const purge = `${builds}/triggers/${trigger_uuid}/purge_build_cache`
  expect((await send('POST', purge, { branch: 'main' })).errors[0]?.message).toBe(
    'Invalid request body: branch: there is no such field; expected no fields',
  )
})

test('whoever needs no token may add parameters', async () => {
  expect((await client.fetch('/health?probe=1')).status).not.toBe(400)
  expect((await client.fetch('/client/v4/openapi.json?v=2')).status).toBe(200)
})

test('the OpenAPI document says so of every body', async () => {
  const Schema = z.looseObject({
    $ref: z.string().optional(),
    oneOf: z.array(z.unknown()).optional(),
    additionalProperties: z.unknown().optional(),
  })
  const document = z
    .object({
      paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
      components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
    })
    .parse(await (await client.fetch('/client/v4/openapi.json')).json())
  const isClosed = (schema: unknown): boolean => {
    const { $ref, oneOf, additionalProperties } = Schema.parse(schema)
    if ($ref !== undefined)
      return isClosed(document.components.schemas[$ref.split('/').at(-1) ?? ''])
    if (oneOf !== undefined) return oneOf.every(isClosed)
    // Variables have names of their own; each of them is closed.
    return additionalProperties === false || typeof additionalProperties === 'object'
  }
  const open = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .flatMap(({ operationId, requestBody }) =>
      requestBody === undefined
        ? []
        : [{ operationId, schema: Schema.parse(requestBody)['content'] }],
    )
    .filter(({ schema }) => {
      const content = z.record(z.string(), z.object({ schema: z.unknown() })).parse(schema)
      return !isClosed(content['application/json']?.schema)
    })
    .map(({ operationId }) => operationId)
  expect(open).toEqual([])
})

test("the name of a Worker where its tag is needed is answered with the tag, to its own account's callers", async () => {
  const [mine, other] = [await createCaller(), await createCaller()]
  const answer = await mine.send('GET', `${mine.builds}/workers/${mine.script_name}/triggers`)
  expect(answer).toMatchObject({
    status: 404,
    errors: [
      {
        message: `Not found: script_tag ${mine.script_name}: this is the Worker's name; its tag is ${mine.script_tag}`,
      },
    ],
  })
  const foreign = await mine.send('GET', `${mine.builds}/workers/${other.script_name}/triggers`)
  expect(foreign.status).toBe(404)
  expect(foreign.errors[0]?.message).not.toContain(other.script_tag)
})
