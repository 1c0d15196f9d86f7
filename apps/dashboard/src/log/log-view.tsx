import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { formatDuration } from '../parts/format.ts'
import { pieces, plain } from './ansi.ts'
import type { LogModel } from './log-model.ts'
import { formatLines, type LineRange } from './permalink.ts'
import { type Section, sectionsOf } from './sections.ts'
import { formatLineTime, TIME_STYLES, type TimeStyle } from './time.ts'
import { findMatches, useFollow, useKeys, useStored } from './use-log.ts'

const LINE_PX = 20
/** Where its middle was left out, a log says so in a line of its own. */
const GAP = /^… \d+ lines were left out here …$/

export type Marks = {
  /** Line (from 1) that says why the build failed. */
  decisive?: number | null | undefined
  /** Lines of other errors. */
  errors?: number[]
}

/** A log of any length: only what is on screen is in the page. Lines count from 1. */
export function LogView({
  model,
  selected,
  onSelect,
  marks = {},
  hasFailed = false,
  name,
}: {
  model: LogModel
  selected: LineRange | undefined
  onSelect: (range: LineRange | undefined) => void
  marks?: Marks
  /** The step that is last did not end well. */
  hasFailed?: boolean
  /** Of the file that is downloaded. */
  name: string
}) {
  const version = useSyncExternalStore(model.subscribe, model.version)
  const [timeStyle, setTimeStyle] = useStored<TimeStyle>('log.times', 'relative')
  const [wraps, setWraps] = useStored('log.wrap', false)
  const [query, setQuery] = useState('')
  /** Among the matches; -1 before one was gone to. */
  const [current, setCurrent] = useState(-1)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [showsKeys, setShowsKeys] = useState(false)
  const scroller = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the model changes in place, by version
  const sections = useMemo(() => sectionsOf(model.texts), [version])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const matches = useMemo(() => findMatches(model.texts, query), [version, query])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const shown = useMemo(() => shownLines(model.texts.length, sections, folded), [version, folded])
  const headOf = useMemo(
    () => new Map(sections.map((section) => [section.first, section])),
    [sections],
  )
  const isMatch = useMemo(() => new Set(matches), [matches])

  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 30,
    getItemKey: (index) => shown[index] ?? index,
  })
  const isLive = model.state === 'live' || model.state === 'loading' || model.state === 'lost'
  const { follows, setFollows } = useFollow(scroller, { version, isLive })

  // What ended well is folded once, when the log of a build that had failed is there.
  const [isArranged, setIsArranged] = useState(!hasFailed)
  useEffect(() => {
    if (isArranged || model.state !== 'complete') return
    setIsArranged(true)
    const keep = marks.decisive ?? model.texts.length
    const last = sections.at(-1)
    const isOpen = ({ first, end }: Section) =>
      (keep > first && keep <= end) ||
      (selected !== undefined && selected.to > first && selected.from <= end)
    setFolded(
      new Set(sections.filter((each) => each !== last && !isOpen(each)).map(({ step }) => step)),
    )
  }, [isArranged, model, model.state, marks.decisive, sections, selected])

  const goTo = (line: number) => {
    setFollows(false)
    const section = sections.find(({ first, end }) => line > first && line <= end)
    if (section !== undefined && folded.has(section.step)) toggle(section.step)
    requestAnimationFrame(() => {
      const index = indexOfLine(
        shownLines(model.texts.length, sections, without(folded, section)),
        line,
      )
      rows.scrollToIndex(index, { align: 'center' })
    })
  }
  const toggle = (step: string) =>
    setFolded((before) =>
      before.has(step)
        ? new Set([...before].filter((one) => one !== step))
        : new Set([...before, step]),
    )
  const goToMatch = (by: number) => {
    if (matches.length === 0) return
    const from = Math.max(current, by < 0 ? 0 : -1)
    const next = (from + by + matches.length) % matches.length
    setCurrent(next)
    goTo((matches[next] ?? 0) + 1)
  }
  /** Where the view was led to last; the place of an address that changes is another one. */
  const ledTo = useRef<string>(undefined)
  const choose = (range: LineRange) => {
    ledTo.current = formatLines(range)
    onSelect(range)
  }
  const select = (line: number) => {
    choose({ from: line, to: line })
    goTo(line)
  }
  const move = (by: number) => {
    const line = Math.min(model.texts.length, Math.max(1, (selected?.to ?? 0) + by))
    select(line)
  }
  const nextError = () => {
    const lines = [...new Set([marks.decisive ?? 0, ...(marks.errors ?? [])])]
      .filter((n) => n > 0)
      .sort((a, b) => a - b)
    const next = lines.find((line) => line > (selected?.to ?? 0)) ?? lines[0]
    if (next !== undefined) select(next)
  }
  const nextTimeStyle = () =>
    setTimeStyle(TIME_STYLES[(TIME_STYLES.indexOf(timeStyle) + 1) % TIME_STYLES.length] ?? 'off')

  useKeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['n', () => goToMatch(1)],
    ['N', () => goToMatch(-1)],
    ['e', nextError],
    ['f', () => setFollows(!follows)],
    ['t', nextTimeStyle],
    ['w', () => setWraps(!wraps)],
    ['g', () => rows.scrollToIndex(0)],
    ['G', () => rows.scrollToIndex(shown.length - 1)],
    ['/', () => search.current?.focus()],
    ['?', () => setShowsKeys(!showsKeys)],
  ])

  // One is led to the lines that the address names, else to the one that says why the build failed.
  useEffect(() => {
    const reason = model.state === 'complete' ? marks.decisive : undefined
    const place = selected ?? (reason == null ? undefined : { from: reason, to: reason })
    if (!isArranged || place === undefined || model.texts.length < place.from) return
    if (ledTo.current === formatLines(place) || (selected === undefined && ledTo.current)) return
    ledTo.current = formatLines(place)
    goTo(place.from)
  })

  const first = model.times[0] ?? 0
  return (
    <section className="log" aria-label="Log">
      <div className="log-bar">
        <form
          className="log-search"
          onSubmit={(event) => {
            event.preventDefault()
            goToMatch(1)
          }}
        >
          <input
            ref={search}
            type="search"
            aria-label="Search the log"
            placeholder="Search (/)"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value)
              setCurrent(-1)
            }}
          />
          {query !== '' && (
            <output>
              {matches.length === 0 ? 'none' : `${Math.max(0, current) + 1} of ${matches.length}`}
            </output>
          )}
        </form>
        <div className="log-tools">
          {marks.decisive != null && (
            <button type="button" onClick={() => select(marks.decisive ?? 1)}>
              Reason
            </button>
          )}
          {isLive && (
            <button type="button" aria-pressed={follows} onClick={() => setFollows(!follows)}>
              Follow
            </button>
          )}
          <button type="button" aria-pressed={wraps} onClick={() => setWraps(!wraps)}>
            Wrap
          </button>
          <button type="button" onClick={nextTimeStyle}>
            Times: {timeStyle}
          </button>
          <button type="button" onClick={() => void copyLines(model, selected)}>
            Copy
          </button>
          <button type="button" onClick={() => download(model, name)}>
            {model.state === 'complete' ? 'Download' : 'Download so far'}
          </button>
          <button type="button" aria-expanded={showsKeys} onClick={() => setShowsKeys(!showsKeys)}>
            Keys
          </button>
        </div>
      </div>
      {showsKeys && <Keys />}
      <div
        className={`log-lines ${wraps ? 'log-wraps' : ''}`}
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={`${model.texts.length} lines`}
      >
        <div
          className="log-inner"
          style={{
            height: rows.getTotalSize(),
            minWidth: wraps ? undefined : `calc(${model.longest}ch + 10rem)`,
          }}
        >
          {rows.getVirtualItems().map((row) => {
            const index = shown[row.index] ?? 0
            const line = index + 1
            const text = model.texts[index] ?? ''
            const section = headOf.get(index)
            return (
              <div
                key={row.key}
                data-index={row.index}
                ref={wraps ? rows.measureElement : undefined}
                className={classesOf({ line, text, selected, marks, isMatch: isMatch.has(index) })}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <a
                  className="line-number"
                  href={`#${formatLines({ from: line, to: line })}`}
                  aria-label={`Line ${line}`}
                  onClick={(event) => {
                    event.preventDefault()
                    choose(
                      event.shiftKey && selected
                        ? spanOf(selected, line)
                        : { from: line, to: line },
                    )
                  }}
                >
                  {line}
                </a>
                {timeStyle !== 'off' && (
                  <span className="line-time">
                    {formatLineTime(model.times[index] ?? 0, timeStyle, first)}
                  </span>
                )}
                {section !== undefined && (
                  <button
                    type="button"
                    className="line-fold"
                    aria-expanded={!folded.has(section.step)}
                    onClick={() => toggle(section.step)}
                  >
                    {folded.has(section.step) ? '▸' : '▾'} {section.title}
                    <small>
                      {countOf(section)}, {durationOf(model, section)}
                    </small>
                  </button>
                )}
                <Line text={text} query={query} />
              </div>
            )
          })}
        </div>
      </div>
      <LogFoot model={model} />
    </section>
  )
}

function LogFoot({ model }: { model: LogModel }) {
  if (model.refusal !== undefined) return <p className="log-foot">{model.refusal}</p>
  const words = {
    loading: 'Reading the log …',
    live: 'Live: lines appear as the build writes them.',
    lost: 'The connection was lost; connecting again …',
    complete: `${model.texts.length} lines. The log is complete.`,
  }
  return (
    <p className={`log-foot log-${model.state}`} role="status">
      {words[model.state]}
    </p>
  )
}

function Line({ text, query }: { text: string; query: string }) {
  return (
    <bdi className="line-text">
      {pieces(text).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line never change places
        <span key={index} className={piece.className || undefined}>
          {highlighted(piece.text, query)}
        </span>
      ))}
    </bdi>
  )
}

/** `text` with what is searched for marked. */
function highlighted(text: string, query: string) {
  const needle = query.toLowerCase()
  if (needle === '' || !text.toLowerCase().includes(needle)) return text
  const parts = []
  let from = 0
  for (
    let at = text.toLowerCase().indexOf(needle);
    at >= 0;
    at = text.toLowerCase().indexOf(needle, from)
  ) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>)
    from = at + needle.length
  }
  return [...parts, text.slice(from)]
}

function classesOf({
  line,
  text,
  selected,
  marks,
  isMatch,
}: {
  line: number
  text: string
  selected: LineRange | undefined
  marks: Marks
  isMatch: boolean
}): string {
  const isSelected = selected !== undefined && line >= selected.from && line <= selected.to
  return [
    'line',
    line === marks.decisive ? 'line-decisive' : '',
    marks.errors?.includes(line) ? 'line-error' : '',
    isSelected ? 'line-selected' : '',
    isMatch ? 'line-match' : '',
    GAP.test(text) ? 'line-gap' : '',
  ]
    .filter((name) => name !== '')
    .join(' ')
}

function Keys() {
  const keys = [
    ['j k', 'next, previous line'],
    ['/ n N', 'search, next, previous match'],
    ['e', 'next error'],
    ['f', 'follow'],
    ['t w', 'times, wrap'],
    ['g G', 'first, last line'],
  ]
  return (
    <dl className="keys">
      {keys.map(([key, what]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Indices of the lines that are shown: of a folded section only its first. */
function shownLines(count: number, sections: Section[], folded: ReadonlySet<string>): Uint32Array {
  const shown = new Uint32Array(count)
  let length = 0
  let index = 0
  for (const section of [...sections, undefined]) {
    const until = section?.first ?? count
    while (index < until) shown[length++] = index++
    if (section === undefined || !folded.has(section.step)) continue
    if (index < count) shown[length++] = index
    index = Math.min(count, section.end)
  }
  return shown.subarray(0, length)
}

function indexOfLine(shown: Uint32Array, line: number): number {
  const at = shown.findIndex((index) => index >= line - 1)
  return at < 0 ? Math.max(0, shown.length - 1) : at
}

function without(folded: ReadonlySet<string>, section: Section | undefined): ReadonlySet<string> {
  return new Set([...folded].filter((step) => step !== section?.step))
}

function durationOf({ times }: LogModel, { first, end }: Section): string {
  return formatDuration((times[Math.min(end, times.length - 1)] ?? 0) - (times[first] ?? 0))
}

function countOf({ first, end }: Section): string {
  return end - first === 1 ? '1 line' : `${end - first} lines`
}

function spanOf({ from, to }: LineRange, line: number): LineRange {
  return { from: Math.min(from, line), to: Math.max(to, line) }
}

async function copyLines({ texts }: LogModel, selected: LineRange | undefined): Promise<void> {
  const lines = selected === undefined ? texts : texts.slice(selected.from - 1, selected.to)
  await navigator.clipboard.writeText(lines.map(plain).join('\n'))
}

/** What was read so far, raw, as the API gives it. */
function download({ texts }: LogModel, name: string): void {
  const url = URL.createObjectURL(new Blob([texts.join('\n'), '\n'], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.log`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
