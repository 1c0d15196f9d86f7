import { CreateSession, Session, v4Success } from '@workers-builds/contracts'
import { answersCreated, jsonBody, operation } from '../api/operation.ts'
import { identifyByToken } from '../authentication/authenticate.ts'
import { sessionView } from './session.view.ts'
import { setSession } from './session-cookie.ts'

export const createSession = operation(
  {
    method: 'post',
    path: '/',
    operationId: 'createSession',
    summary: 'Sign a browser in with an API token, which becomes a cookie',
    security: [],
    request: { body: jsonBody(CreateSession) },
    responses: answersCreated(Session),
  },
  async (c) => {
    const { token } = c.req.valid('json')
    const { caller } = await identifyByToken(c, token)
    const cookie = await setSession(c, token)
    return c.json(v4Success(await sessionView(c.var.store, { caller, cookie })), 201)
  },
)
