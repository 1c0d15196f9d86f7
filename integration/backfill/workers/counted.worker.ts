/**
 * build-management as it is, with its BuildBuddies and its agent counted: every request they serve
 * (an RPC or an alarm), and every row that a BuildBuddy's storage reads.
 */
import { WorkerEntrypoint } from 'cloudflare:workers'
import buildManagement, {
  BuildBuddy as RealBuildBuddy,
  BuildErrorsAgent as RealBuildErrorsAgent,
} from '../../../apps/build-management/src/build-management.app.ts'
import type { Counts } from '../lab/protocol.ts'

// Whatever else build-management has is as it is.
export * from '../../../apps/build-management/src/build-management.app.ts'

const counts: Counts = { do_requests: 0, rows_read: 0 }

export class Counter extends WorkerEntrypoint {
  async read(): Promise<Counts> {
    return { ...counts }
  }
}

export class BuildBuddy extends RealBuildBuddy {
  constructor(ctx: DurableObjectState, env: Env) {
    countRows(ctx.storage)
    super(ctx, env)
  }

  override async getLogs(page: Parameters<RealBuildBuddy['getLogs']>[0]) {
    counts.do_requests++
    return await super.getLogs(page)
  }

  override async alarm(): Promise<void> {
    counts.do_requests++
    await super.alarm()
  }

  /** Bytes that the build takes up. */
  async size(): Promise<number> {
    return this.ctx.storage.sql.databaseSize
  }

  /** Closes the log as the alarm would, only now: before it, the log is as it was written. */
  async settle(): Promise<void> {
    await super.alarm()
  }
}

export class BuildErrorsAgent extends RealBuildErrorsAgent {
  override async alarm(): Promise<void> {
    counts.do_requests++
    await super.alarm()
  }
}

export default buildManagement

/** Has `storage` count what it reads: a row that a cursor passed, and the value of a key. */
function countRows({ sql, kv }: DurableObjectStorage): void {
  const [exec, get] = [sql.exec.bind(sql), kv.get.bind(kv)]
  replace(sql, 'exec', (...query: Parameters<SqlStorage['exec']>) => {
    const cursor = exec(...query)
    const rows = cursor.toArray()
    counts.rows_read += cursor.rowsRead
    return { toArray: () => rows, one: () => one(rows), [Symbol.iterator]: () => rows.values() }
  })
  replace(kv, 'get', (key: string) => {
    counts.rows_read++
    return get(key)
  })
}

function replace(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value })
}

function one<Row>(rows: Row[]): Row {
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows instead of one`)
  return row
}
