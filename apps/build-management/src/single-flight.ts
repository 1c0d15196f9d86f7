/** Work that is never done twice at once. */

/**
 * `work` as a call that joins the run under way, if there is one, and gets what that comes to.
 */
export function sharedRun<Args extends unknown[], Result>(
  work: (...args: Args) => Promise<Result>,
): {
  run(...args: Args): Promise<Result>
  /** Resolves when no run is under way, however the last one ended. */
  settled(): Promise<void>
} {
  let underWay: Promise<Result> | undefined
  return {
    async run(...args) {
      underWay ??= work(...args).finally(() => {
        underWay = undefined
      })
      return await underWay
    },
    async settled() {
      await underWay?.catch(() => {})
    },
  }
}

/**
 * `work` as a call that is followed by a run: one while it runs has it run once more, for what came
 * too late for the run under way, however many call. Resolves when a run is over that began after
 * the call.
 */
export function singleFlight(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let again = false
  async function run(): Promise<void> {
    try {
      while (again) {
        again = false
        await work()
      }
    } finally {
      running = undefined
    }
  }
  return () => {
    again = true
    running ??= run()
    return running
  }
}
