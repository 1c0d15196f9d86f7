/**
 * The `post-receive` hook of a demo repository: sends for every pushed branch and tag the webhook
 * that GitHub sends, and prints the outcome to the pusher in one line. The push stands whatever
 * happens here, so this always ends with 0.
 */
import { text } from 'node:stream/consumers'
import { readJsonFile } from '../state/json-file.ts'
import { type Delivery, deliverWebhook } from './deliver.ts'
import { type RefUpdate, readPushEvent } from './push-event/push-event.ts'
import { readWebhookSettings, StackAddress } from './webhook-settings.ts'

const gitDir = process.cwd() // git runs hooks in the bare repository

async function main(): Promise<void> {
  const settings = await readWebhookSettings(gitDir)
  const findAddress = () => readJsonFile(settings.address_file, StackAddress)
  const updates = parseUpdates(await text(process.stdin))
  for (const update of updates.filter(isTold)) {
    const event = await readPushEvent({
      gitDir,
      update,
      updates,
      settings,
      host: (await findAddress())?.git_host_url ?? 'http://localhost',
      pushedAt: new Date(),
    })
    const delivery = await deliverWebhook({
      event: 'push',
      body: JSON.stringify(event),
      settings,
      findUrl: async () => (await findAddress())?.url,
    })
    const { account_id } = settings
    const page = `${(await findAddress())?.url}/${account_id}/builds`
    console.log(describe(update, { delivery, page }))
  }
}

function parseUpdates(input: string): RefUpdate[] {
  return input.split('\n').flatMap((line) => {
    const [before, after, ref] = line.split(' ')
    if (before === undefined || after === undefined || ref === undefined) return []
    return [{ before, after, ref }]
  })
}

/** GitHub reports branches and tags, not notes and the like. */
function isTold({ ref }: RefUpdate): boolean {
  return /^refs\/(?:heads|tags)\//.test(ref)
}

/** `page`: where the account's builds are seen, each below it. */
function describe(
  { ref }: RefUpdate,
  { delivery, page }: { delivery: Delivery; page: string },
): string {
  const name = ref.replace(/^refs\/(?:heads|tags)\//, '')
  if ('reason' in delivery) return `Workers Builds: no build of ${name}: ${delivery.reason}`
  const builds = delivery.build_uuids.map((build_uuid) => `${page}/${build_uuid}`)
  return `Workers Builds: ${name} is built: ${builds.join(' and ')}`
}

try {
  await main()
} catch (error) {
  console.log(`Workers Builds: no build: ${error instanceof Error ? error.message : error}`)
}
