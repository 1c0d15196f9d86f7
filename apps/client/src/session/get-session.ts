import { Session, v4Success } from '@workers-builds/contracts'
import { answers, operation } from '../api/operation.ts'
import { authenticate } from '../authentication/authenticate.ts'
import { sessionView } from './session.view.ts'
import { readSession } from './session-cookie.ts'

export const getSession = operation(
  {
    method: 'get',
    path: '/',
    operationId: 'getSession',
    summary: 'Get who calls, and the accounts that the caller may see',
    middleware: authenticate,
    responses: answers(Session),
  },
  async (c) => {
    const hasHeader = c.req.header('authorization') !== undefined
    const cookie = hasHeader ? undefined : await readSession(c)
    return c.json(v4Success(await sessionView(c.var.store, { caller: c.var.caller, cookie })), 200)
  },
)
