/** Tells a person, line by line, what is being done and since when. */
export function startProgress({ write }: { write: (line: string) => void }) {
  const startedAt = performance.now()
  return {
    seconds: () => (performance.now() - startedAt) / 1000,
    tell(what: string): void {
      const seconds = (performance.now() - startedAt) / 1000
      write(`${seconds.toFixed(1).padStart(6)} s  ${what}`)
    },
  }
}
