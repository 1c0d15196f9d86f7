/**
 * Stands between the runners and the client Worker, and writes down what became of every line.
 *
 * A line is *accepted* when a flush was answered with 200 and a `next_runner_line` above the line's
 * ordinal: from then on the runner forgets it, and nobody else has it.
 */
import { RunnerLogAnswer, RunnerLogFlush, RunnerStatusUpdate } from '@workers-builds/contracts'
import { readBody, startProxy } from '@workers-builds/test-kit/http'

/** What passed of one build. */
export class Recording {
  /** The lines that the runner sent, by ordinal. */
  readonly sent: string[] = []
  /** How many of them were accepted. */
  accepted = 0
  /** Lines that were sent again with another content: two runners wrote one log. */
  contradictions = 0
  /** When the first step of each runner that was let run began. */
  readonly starts = new Set<number>()
}

export async function startRecordingProxy() {
  const recordings = new Map<string, Recording>()
  const proxy = await startProxy(async ({ request, response, target }) => {
    const body = (await readBody(request)).toString()
    const path = request.url ?? '/'
    const answer = await fetch(new URL(path, target), {
      method: request.method ?? 'POST',
      headers: {
        authorization: request.headers.authorization ?? '',
        'content-type': 'application/json',
      },
      body,
    })
    const text = await answer.text()
    if (answer.ok) record(recordings, path, { body, text })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
  })
  return {
    ...proxy,
    of: (build_uuid: string) => recordings.get(build_uuid) ?? new Recording(),
  }
}

function record(
  recordings: Map<string, Recording>,
  path: string,
  { body, text }: { body: string; text: string },
): void {
  const [, build_uuid = '', what] = /\/api\/builds\/([^/]+)\/(logs|status)$/.exec(path) ?? []
  const recording = recordings.get(build_uuid) ?? new Recording()
  recordings.set(build_uuid, recording)
  if (what === 'status') {
    const update = RunnerStatusUpdate.parse(JSON.parse(body))
    const began = update.steps[0]?.started_on
    if (began !== undefined) recording.starts.add(began)
    return
  }
  const { first_line, lines } = RunnerLogFlush.parse(JSON.parse(body))
  for (const [offset, [, , message]] of lines.entries()) {
    const before = recording.sent[first_line + offset]
    if (before !== undefined && before !== message) recording.contradictions++
    recording.sent[first_line + offset] ??= message
  }
  const { next_runner_line } = RunnerLogAnswer.parse(JSON.parse(text))
  recording.accepted = Math.max(recording.accepted, next_runner_line)
}
