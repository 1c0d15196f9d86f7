import { join } from 'node:path'
import { Deployment } from '@workers-builds/contracts'
import { z } from 'zod'
import type { BuildFolders } from '../build-folders.ts'
import { readText, UnreadableFile } from '../files/read-file.ts'

/** Wrangler writes a few lines a run; whatever is longer is not its work. */
const MOST_BYTES = 1024 * 1024

/** Where wrangler records what it did, one JSON object a line: WRANGLER_OUTPUT_FILE_PATH. */
export function deploymentFile({ home }: Pick<BuildFolders, 'home'>): string {
  return join(home, '.wrangler-output.ndjson')
}

/** The entries in which wrangler records an uploaded version. */
const Uploaded = z.object({
  type: z.enum(['deploy', 'version-upload', 'preview']),
  version_id: z.string().nullish(),
  deployment_id: z.string().nullish(),
  preview_url: z.string().nullish(),
  preview_urls: z.array(z.string()).nullish(),
})

/**
 * The version that the commands uploaded last, and where it can be seen; null when there is none.
 */
export async function readDeployment(
  folders: Pick<BuildFolders, 'home'>,
): Promise<Deployment | null> {
  const entries = await readWranglerEntries(folders)
  return entries.flatMap((entry) => deploymentOf(entry) ?? []).at(-1) ?? null
}

/**
 * What wrangler wrote of its commands, in order. The file is the user's to write: whatever is no
 * JSON is passed over, and the rest may be anything.
 */
export async function readWranglerEntries(folders: Pick<BuildFolders, 'home'>): Promise<unknown[]> {
  const text = await readOwnFile(deploymentFile(folders))
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line)]
    } catch {
      return [] // a line that is cut, or no JSON
    }
  })
}

function deploymentOf(value: unknown): Deployment | undefined {
  const entry = Uploaded.safeParse(value).data
  if (entry === undefined) return undefined
  const url = entry.preview_url ?? entry.preview_urls?.[0]
  const { version_id, preview_url } = Deployment.shape
  const deployment = {
    version_id: version_id.safeParse(entry.version_id ?? entry.deployment_id).data ?? null,
    preview_url: preview_url.safeParse(url).data ?? null,
  }
  return deployment.version_id === null && deployment.preview_url === null ? undefined : deployment
}

/** '' for what cannot have been written by wrangler. */
async function readOwnFile(path: string): Promise<string> {
  try {
    return (await readText({ path, maxBytes: MOST_BYTES, followLinks: false })) ?? ''
  } catch (error) {
    if (error instanceof UnreadableFile) return ''
    throw error
  }
}
