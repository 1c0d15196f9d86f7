/** Failed builds with logs, and the rows of their scans. */
import type { LogLine } from '@workers-builds/contracts'
import type { Harness } from '@workers-builds/store/testing'
import type { LogReader } from '../read-build-log.ts'

/** Logs by what is in them, page by page. */
const LOGS = {
  'two errors': [
    [[1, 'installing', 'added 3 packages in 1s']],
    [[2, 'building', 'npm error code ERESOLVE']],
    [[3, 'deploying', '✘ [ERROR] Could not resolve "./balance"']],
  ],
  'an error': [[[1, 'deploying', '✘ [ERROR] Could not resolve "./receipt"']]],
  'an error with a NUL': [[[1, 'deploying', '✘ [ERROR] Could not resolve "./\0\ud800till"']]],
  nothing: [[[1, 'building', 'hm']]],
  'no line': [],
} satisfies Record<string, LogLine[][]>

const KINDS = Object.values(LOGS) as LogLine[][][]

/** Builds that failed, each kind of log in turn. */
export async function createBuildsWithLogs(h: Harness, count: number) {
  const build_ids = await h.createFailedBuilds(count)
  const logs = new Map(build_ids.map((build_id, n) => [build_id, KINDS[n % KINDS.length] ?? []]))
  const readLog: LogReader = async function* (build_id) {
    const pages = logs.get(build_id)
    if (pages === undefined) throw new Error('this log cannot be read')
    yield* pages
    return { complete: true }
  }
  return { build_ids, readLog }
}

/** All rows of the builds' scans, without the number of attempts. */
export async function readScans({ sql }: Harness) {
  const scans = await sql`
    select build_id, outcome, detector_version, lines_read, failed_on is not null as failed
    from build_error_scans order by build_id`
  const errors = await sql`
    select build_id, error_code, error_group, rank, cause, fault, step, line, confidence
    from build_errors order by build_id, rank, error_code, error_group`
  const due = await sql`
    select build_id from builds where scan_due_on is not null order by build_id`
  return { scans: [...scans], errors: [...errors], due: due.map(({ build_id }) => build_id) }
}

/** Deletes all scans and makes all builds due for one. */
export async function forgetScans({ sql }: Harness): Promise<void> {
  await sql`delete from build_error_scans`
  await sql`delete from build_errors`
  await sql`update builds set scan_due_on = now() where build_outcome = 'fail'`
}
