/**
 * Before suites with containers run: a small image of each kind that they need is built, where a container
 * engine answers. Where none does they are skipped, and this says so.
 */
import { buildImage, type ContainerEngine, openEngine } from '@workers-builds/local/stack'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Images by their names; why there are none where no engine answers. */
    containerImages: Record<string, string> | string
  }
}

/** Takes its build as a runner does, and ends with an exit code without having reported. */
const endsWith = (command: string) =>
  `CMD ["tini", "--", "sh", "-c", "test -p /run/build-runner/spec || exit 0; read line </run/build-runner/spec; rm /run/build-runner/spec; ${command}"]`

/** What each image has beside the first one. */
const IMAGES: Record<string, string> = {
  v1: 'ENV IMAGE_OF_BUILD=first',
  v2: 'ENV IMAGE_OF_BUILD=second',
  'ends-0': endsWith('exit 0'),
  'ends-1': endsWith('exit 1'),
  'ends-137': endsWith('kill -9 $$'),
  mute: endsWith('exec sleep 600'),
}

export default async function setUp(project: TestProject): Promise<void> {
  project.provide('containerImages', await buildImages())
}

async function buildImages(): Promise<Record<string, string> | string> {
  let engine: ContainerEngine
  try {
    engine = await openEngine()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.log(`The suites with containers are skipped. ${reason}`)
    return reason
  }
  const { tag } = await buildImage(engine, { small: true, onLine: console.log })
  const images = Object.entries(IMAGES).map(async ([name, line]) => {
    const own = `${tag}-${name}`
    await engine.build({ tag: own, dockerfile: `FROM ${tag}\n${line}\n` })
    return [name, own] as const
  })
  return Object.fromEntries(await Promise.all(images))
}
