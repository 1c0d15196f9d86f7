/** The few operations of the Workers API that clients of Workers Builds need to find a Worker. */
import { z } from 'zod'
import { ScriptTag } from './ids.ts'

/** `GET …/workers/scripts`: `id` is the name, `tag` what builds go by. */
export const WorkerScript = z
  .object({
    id: z.string(),
    tag: ScriptTag,
    created_on: z.iso.datetime(),
    modified_on: z.iso.datetime(),
  })
  .meta({ id: 'WorkerScript' })
export type WorkerScript = z.infer<typeof WorkerScript>

/** `GET …/workers/services/:script_name` */
export const WorkerService = z
  .object({
    id: z.string(),
    created_on: z.iso.datetime(),
    modified_on: z.iso.datetime(),
    default_environment: z.object({
      environment: z.literal('production'),
      created_on: z.iso.datetime(),
      modified_on: z.iso.datetime(),
      script: WorkerScript,
    }),
  })
  .meta({ id: 'WorkerService' })
export type WorkerService = z.infer<typeof WorkerService>

/** `POST …/workers/workers`: a Worker that Cloudflare has already keeps its tag, as `id`. */
export const CreateWorker = z
  .strictObject({
    name: z
      .string()
      .max(63)
      .regex(
        /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/,
        'expected lower-case letters, digits, - and _',
      ),
    id: ScriptTag.optional(),
  })
  .meta({ id: 'CreateWorker' })
export type CreateWorker = z.infer<typeof CreateWorker>

/** A Worker as `POST …/workers/workers` answers it: here `id` is the tag. */
export const Worker = z
  .object({
    id: ScriptTag,
    name: z.string(),
    created_on: z.iso.datetime(),
    updated_on: z.iso.datetime(),
  })
  .meta({ id: 'Worker' })
export type Worker = z.infer<typeof Worker>
