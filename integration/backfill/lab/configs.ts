/** The lab's Workers: the product's own, with build-management counted, and two more around them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const workerFile = (name: string) =>
  fileURLToPath(new URL(`../workers/${name}.worker.ts`, import.meta.url))

const Config = z.looseObject({
  name: z.string(),
  compatibility_date: z.string(),
  alias: z.record(z.string(), z.string()),
})

/**
 * Given the product's configurations as written for a stack, answers the lab's, its front first. They
 * are written under `dir`.
 */
export async function writeLabConfigs({
  dir,
  product: [client, buildManagement, buildErrors],
}: {
  dir: string
  product: string[]
}): Promise<string[]> {
  if (client === undefined || buildManagement === undefined || buildErrors === undefined) {
    throw new Error('the product has three Workers')
  }
  const managed = await readConfig(buildManagement)
  await writeConfig(buildManagement, { ...managed, main: workerFile('counted') })
  const { name: build_management, compatibility_date, alias } = managed
  const buddy = { name: 'BUILD_BUDDY', class_name: 'BuildBuddy', script_name: build_management }
  const published = 'lab-published'
  const front = {
    name: 'lab',
    main: workerFile('lab'),
    compatibility_date,
    services: [
      { binding: 'CLIENT', service: (await readConfig(client)).name },
      { binding: 'PUBLISHED', service: published },
      { binding: 'COUNTER', service: build_management, entrypoint: 'Counter' },
    ],
    durable_objects: { bindings: [buddy] },
    queues: { producers: [{ binding: 'BUILD_ERRORS_QUEUE', queue: 'build-errors' }] },
  }
  const other = {
    name: published,
    main: workerFile('published'),
    compatibility_date,
    alias,
    hyperdrive: [{ binding: 'HYPERDRIVE', id: '00000000000000000000000000000000' }],
    durable_objects: { bindings: [buddy, { name: 'AGENT', class_name: 'PublishedAgent' }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['PublishedAgent'] }],
    queues: {
      producers: [{ binding: 'QUEUE', queue: 'published-build-errors' }],
      consumers: [{ queue: 'published-build-errors', max_batch_size: 100, max_batch_timeout: 1 }],
    },
  }
  const files: string[] = []
  for (const config of [front, other]) {
    const folder = join(dir, 'workers', config.name)
    await mkdir(folder, { recursive: true })
    const file = join(folder, 'wrangler.json')
    await writeConfig(file, config)
    files.push(file)
  }
  const [frontFile = '', otherFile = ''] = files
  return [frontFile, client, buildManagement, buildErrors, otherFile]
}

async function readConfig(file: string) {
  return Config.parse(JSON.parse(await readFile(file, 'utf8')))
}

async function writeConfig(file: string, config: object): Promise<void> {
  await writeFile(file, JSON.stringify(config, null, 2))
}
