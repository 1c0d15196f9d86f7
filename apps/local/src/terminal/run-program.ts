import { ShutdownError } from '@workers-builds/local-platform/processes'

/** Runs a program's `main`, prints a failure in a line or two, and exits with the right code. */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main()
    process.exit(0)
  } catch (error) {
    // Somebody who asked for the end knows why it ended.
    if (!(error instanceof ShutdownError)) console.error(`\n${describe(error)}`)
    process.exit(1)
  }
}

/** What to print of `error`: our own messages say what to do, an unforeseen one needs its stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' || error.name === 'AlreadyRunningError'
    ? error.message
    : (error.stack ?? error.message)
}
