import { ShutdownError } from '@workers-builds/local-platform/processes'
import { HelpRequest, UsageError } from './arguments.ts'

/** Exit code for a wrong use of the command line (EX_USAGE). */
const WRONG_USE = 64

/** Runs a program's `main`, prints a failure in a line or two, and exits with the right code. */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main()
    process.exit() // with `process.exitCode` where `main` has set one
  } catch (error) {
    if (error instanceof HelpRequest) {
      console.log(error.message)
      process.exit(0)
    }
    if (error instanceof UsageError) {
      console.error(error.message)
      process.exit(WRONG_USE)
    }
    // Whoever asked for the end knows why it ended.
    if (!isShutdown(error)) console.error(`\n${describe(error)}`)
    process.exit(1)
  }
}

/** Also what an aborted wait throws: an AbortError with the signal's reason as its cause. */
function isShutdown(error: unknown): boolean {
  return (
    error instanceof ShutdownError ||
    (error instanceof Error && error.cause instanceof ShutdownError)
  )
}

/** What to print of `error`: our own messages say what to do, an unforeseen one needs its stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' || error.name === 'AlreadyRunningError'
    ? error.message
    : (error.stack ?? error.message)
}
