import { v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { clearSession } from './session-cookie.ts'

export const deleteSession = operation(
  {
    method: 'delete',
    path: '/',
    operationId: 'deleteSession',
    summary: 'Sign a browser out',
    security: [],
    responses: answers(z.null()),
  },
  (c) => {
    clearSession(c)
    return c.json(v4Success(null), 200)
  },
)
