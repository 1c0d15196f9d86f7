import { type BuildErrors, v4Success } from '@workers-builds/contracts'
import { explanationOf } from '@workers-builds/error-detection'
import type { Context } from 'hono'
import type { ClientContext } from '../context.ts'
import { findBuild } from './find-build.ts'

/** `GET /builds/:build_uuid/errors`: why a build failed, root cause first. */
export async function getBuildErrors(c: Context<ClientContext>): Promise<Response> {
  const { build_id } = await findBuild(c)
  const [scan, errors] = await Promise.all([
    c.var.store.buildErrorScans.select(build_id),
    c.var.store.buildErrors.selectByBuild(build_id),
  ])
  const result: BuildErrors = {
    scan: scan
      ? {
          outcome: scan.outcome,
          detector_version: scan.detector_version,
          lines_read: scan.lines_read,
          scanned_on: scan.scanned_on.toISOString(),
        }
      : null,
    errors: errors.map((error) => {
      const explanation = explanationOf(error)
      return {
        ...error,
        title: explanation?.title ?? error.cause.replaceAll('_', ' '),
        fix: explanation?.fix ?? null,
        docs_url: explanation?.docs_url ?? null,
      }
    }),
  }
  return c.json(v4Success(result))
}
