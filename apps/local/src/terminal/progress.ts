import { styleText } from 'node:util'

/** Shows a person, line by line, what is being done and for how long the program has run. */
export function startProgress({ stream }: { stream: NodeJS.WritableStream }) {
  const startedAt = performance.now()
  return {
    seconds: () => (performance.now() - startedAt) / 1000,
    print(what: string): void {
      const seconds = (performance.now() - startedAt) / 1000
      const time = styleText('dim', `${seconds.toFixed(1).padStart(6)} s`, { stream })
      const isTrouble = /^(?:warning|warn|error)\b|\[ERROR\]|\[wrangler:(?:error|warn)\]/.test(what)
      const text = isTrouble ? styleText('yellow', what, { stream }) : what
      stream.write(`${time}  ${text}\n`)
    },
  }
}
