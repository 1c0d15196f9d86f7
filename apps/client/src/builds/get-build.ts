import { v4Success } from '@workers-builds/contracts'
import type { Context } from 'hono'
import type { ClientContext } from '../context.ts'
import { buildView } from './build.view.ts'
import { findBuild } from './find-build.ts'

/** `GET /builds/:build_uuid` */
export async function getBuild(c: Context<ClientContext>): Promise<Response> {
  return c.json(v4Success(buildView(await findBuild(c))))
}
