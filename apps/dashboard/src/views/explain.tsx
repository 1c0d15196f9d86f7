import { useRef, useState } from 'react'
import { LogModel } from '../log/log-model.ts'
import { LogView } from '../log/log-view.tsx'
import type { LineRange } from '../log/permalink.ts'
import { Explanation } from '../parts/explanation.tsx'
import { Notice } from '../parts/notice.tsx'

type Reading = { model: LogModel; errors: Explained[] }
type Explained = Parameters<typeof Explanation>[0]['error']

/** Any build's log, explained in the browser: nothing of it leaves this page. */
export function Explain() {
  const [reading, setReading] = useState<Reading>()
  const [isReading, setIsReading] = useState(false)
  const [selected, select] = useState<LineRange>()
  const area = useRef<HTMLTextAreaElement>(null)
  const explain = async (text: string) => {
    setIsReading(true)
    setReading(await explainLog(text))
    select(undefined)
    setIsReading(false)
  }
  const [error, ...others] = reading?.errors ?? []
  return (
    <section>
      <h1>Explain a log</h1>
      <p>
        Paste the log of a build that failed, or drop its file. It is read in this browser and goes
        nowhere.
      </p>
      <form
        className="explain"
        onSubmit={(event) => {
          event.preventDefault()
          void explain(area.current?.value ?? '')
        }}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          const file = event.dataTransfer.files[0]
          if (file !== undefined) void file.text().then(explain)
        }}
      >
        <textarea
          ref={area}
          aria-label="Log"
          rows={10}
          spellCheck={false}
          placeholder="Paste a log here, or drop a file"
        />
        <div className="actions">
          <button type="submit" className="primary" disabled={isReading}>
            {isReading ? 'Reading …' : 'Explain'}
          </button>
          <label className="file">
            Choose a file
            <input
              type="file"
              onChange={(event) => {
                const file = event.target.files?.[0]
                if (file !== undefined) void file.text().then(explain)
              }}
            />
          </label>
        </div>
      </form>
      {reading !== undefined && error === undefined && (
        <Notice title="No failure that we know stands in this log" />
      )}
      {error !== undefined && (
        <Explanation error={error} onGoTo={(line) => select({ from: line, to: line })} />
      )}
      {reading !== undefined && (
        <LogView
          model={reading.model}
          selected={selected}
          onSelect={select}
          marks={{
            decisive: error?.line_number,
            errors: others.flatMap((one) => one.line_number ?? []),
          }}
          name="log"
        />
      )}
    </section>
  )
}

/** The detector is large: it is loaded when there is something to explain. */
async function explainLog(text: string): Promise<Reading> {
  const { detect, excerptOf, explanationOf, linesOfExcerpt } = await import(
    '@workers-builds/error-detection'
  )
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const errors = detect(lines).errors.map((error): Explained => {
    const known = explanationOf(error)
    const { index, count } = linesOfExcerpt(error.line ?? 0)
    const excerpt =
      error.line === null
        ? undefined
        : excerptOf({ line: error.line, lines: lines.slice(index, index + count) })
    return {
      ...error,
      title: known?.title ?? error.title,
      fix: known?.fix ?? null,
      docs_url: known?.docs_url ?? null,
      line_number: error.line === null ? null : error.line + 1,
      line_text: excerpt?.decisive.text ?? null,
      context: excerpt?.context ?? [],
      location: excerpt?.location ?? null,
    }
  })
  const model = new LogModel()
  model.append(lines.map((line) => [0, line] as const))
  model.become('complete')
  return { model, errors }
}
