/** A build's log as it comes in: a list outside React that views subscribe to. */
export type LogState = 'loading' | 'live' | 'complete' | 'lost'

export class LogModel {
  /** When each line was written, in ms. */
  readonly times: number[] = []
  readonly texts: string[] = []
  /** In characters; what the widest line needs. */
  longest = 0
  state: LogState = 'loading'
  /** Why there is no log, in the API's words. */
  refusal: string | undefined
  #version = 0
  readonly #listeners = new Set<() => void>()
  #isScheduled = false

  append(lines: readonly (readonly [number, string])[]): void {
    for (const [time, text] of lines) {
      this.times.push(time)
      this.texts.push(text)
      if (text.length > this.longest) this.longest = text.length
    }
    this.#change()
  }

  become(state: LogState, refusal?: string): void {
    this.state = state
    this.refusal = refusal
    this.#change()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly version = (): number => this.#version

  /** At most once a frame, however many lines come. */
  #change(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    requestAnimationFrame(() => {
      this.#isScheduled = false
      this.#version++
      for (const listener of this.#listeners) listener()
    })
  }
}
