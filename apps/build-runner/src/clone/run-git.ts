import { mkdir } from 'node:fs/promises'
import { MAX_MESSAGE_LENGTH } from '@workers-builds/contracts'
import type { BuildContext } from '../build-context.ts'
import { toolEnvironment } from '../commands/command-environment.ts'
import { LineSplitter } from '../output/line-splitter.ts'
import { StepFailed } from '../step-failed.ts'
import { type PassingTrouble, passingTrouble } from './passing-trouble.ts'

/** Pauses before the second try and those after it, each made longer by chance by up to a half. */
const PAUSES_MS = [1_000, 3_000, 9_000]

/** Runs git with `args`; throws StepFailed with the message `failure`. */
export type Git = (failure: string, ...args: string[]) => Promise<void>

/**
 * Git in the build's repository. What fails because of the network is tried again, within the
 * build's own time.
 */
export function gitRunner(build: BuildContext, gitEnvironment: Record<string, string>): Git {
  const environment = { ...toolEnvironment(build), ...gitEnvironment }
  return async (message, ...args) => {
    for (const pause of [...PAUSES_MS, undefined]) {
      const { exit_code, output } = await runOnce(build, { args, environment })
      const trouble = exit_code === 0 ? undefined : passingTrouble(output.join('\n'))
      if (trouble !== undefined && pause !== undefined) {
        const wait = Math.round(pause * (1 + Math.random() / 2))
        logRetry(build, { trouble, wait })
        await build.commands.pause(wait)
        continue
      }
      const lines = build.log.lines()
      for (const line of output) lines.push(`${line}\n`)
      if (exit_code === 0) return
      throw new StepFailed({ failure_reason: 'clone_failed', exit_code, message })
    }
  }
}

async function runOnce(
  build: BuildContext,
  { args, environment }: { args: string[]; environment: Record<string, string> },
): Promise<{ exit_code: number; output: string[] }> {
  const output: string[] = []
  await mkdir(build.folders.repository, { recursive: true })
  const exit_code = await build.commands.run({
    argv: ['git', ...args],
    folder: build.folders.repository,
    environment,
    output: new LineSplitter({
      // Longer than a line of the log, so that no secret is cut before it was masked.
      maxLength: 2 * MAX_MESSAGE_LENGTH,
      onLine: ({ text }) => output.push(text),
    }),
  })
  return { exit_code, output }
}

/** Not what git printed: a failure that passed is not why a build fails later. */
function logRetry(
  { log }: BuildContext,
  { trouble, wait }: { trouble: PassingTrouble; wait: number },
): void {
  const { host, reason } = trouble
  if (host === undefined) {
    log.fixedSentence(
      `The Git host could not be reached (${reason}), trying again in ${seconds(wait)}...`,
    )
  } else {
    const rest = `could not be reached (${reason}), trying again in ${seconds(wait)}...`
    log.sentence([`The Git host `, ` ${rest}`], host)
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} seconds`
}
