import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { plain } from './ansi.ts'

/** Indices of the lines that have `query`, in any case. */
export function findMatches(texts: readonly string[], query: string): number[] {
  if (query === '') return []
  const needle = query.toLowerCase()
  const matches: number[] = []
  for (const [index, text] of texts.entries()) {
    if (plain(text).toLowerCase().includes(needle)) matches.push(index)
  }
  return matches
}

/** A setting that this browser remembers. */
export function useStored<Value>(key: string, initial: Value) {
  const [value, setValue] = useState<Value>(() => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? '') as Value
    } catch {
      return initial // never set, or not by us
    }
  })
  const store = (next: Value) => {
    setValue(next)
    localStorage.setItem(key, JSON.stringify(next))
  }
  return [value, store] as const
}

/** Keeps a live log at its end, until the viewer scrolls up; at the end again it goes on. */
export function useFollow(
  scroller: RefObject<HTMLDivElement | null>,
  { version, isLive }: { version: number; isLive: boolean },
) {
  const [follows, setFollows] = useState(true)
  const wasLive = useRef(false)
  if (isLive && version > 0) wasLive.current = true
  // biome-ignore lint/correctness/useExhaustiveDependencies: each version brings lines
  useLayoutEffect(() => {
    const element = scroller.current
    if (element !== null && follows && isLive) element.scrollTop = element.scrollHeight
  }, [version, follows, isLive])
  useEffect(() => {
    const element = scroller.current
    if (element === null || !isLive) return
    let before = element.scrollTop
    const onScroll = () => {
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 40
      if (element.scrollTop < before - 4) setFollows(false)
      else if (isAtEnd) setFollows(true)
      before = element.scrollTop
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => element.removeEventListener('scroll', onScroll)
  }, [isLive, scroller])
  return { follows: follows && isLive, setFollows }
}

/** Calls what a key stands for, unless the viewer is writing. */
export function useKeys(keys: [key: string, action: () => void][]): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isWriting =
        event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
      if (isWriting && event.key === 'Escape') return (event.target as HTMLElement).blur()
      if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return
      const [, action] = latest.current.find(([key]) => key === event.key) ?? []
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
