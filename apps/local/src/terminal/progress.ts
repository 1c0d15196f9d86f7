/** Shows a person, line by line, what is being done and for how long the program has run. */
export function startProgress({ write }: { write: (line: string) => void }) {
  const startedAt = performance.now()
  return {
    seconds: () => (performance.now() - startedAt) / 1000,
    print(what: string): void {
      const seconds = (performance.now() - startedAt) / 1000
      write(`${seconds.toFixed(1).padStart(6)} s  ${what}`)
    },
  }
}
