import { SealedSecrets, v4Success } from '@workers-builds/contracts'
import { SEALED_COLUMNS } from '@workers-builds/store'
import { answers, operation } from '../api/operation.ts'

export const listSealedSecrets = operation(
  {
    method: 'get',
    path: '/secrets',
    operationId: 'listSealedSecrets',
    summary: 'Count the stored secrets by the key that sealed them',
    responses: answers(SealedSecrets),
  },
  async (c) => {
    const columns = []
    for (const of of SEALED_COLUMNS) {
      const { keyring, table, column } = of
      const keys = await c.var.store.sealedValues.countByKey(of)
      columns.push({ keyring, table, column, keys: [...keys] })
    }
    return c.json(v4Success({ columns }), 200)
  },
)
