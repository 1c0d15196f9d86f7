import { existsSync } from 'node:fs'
import { FAILURE_REASONS } from '@workers-builds/contracts'
import type { BuildContext } from '../build-context.ts'
import { isTokenRevoked } from '../deployment/revoked-token.ts'
import { logWorkerNames } from '../deployment/worker-name.ts'
import { StepFailed } from '../step-failed.ts'
import { readDependencies, warnOfNpx } from './npx-notice.ts'

const SHELL = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'].find(existsSync) ?? '/bin/sh'

/** Runs the build or deploy command as the user typed it. Throws StepFailed when it fails. */
export async function runUserCommand(
  build: BuildContext,
  options: {
    kind: 'build' | 'deploy'
    command: string
    folder: string
    environment: Record<string, string>
  },
): Promise<void> {
  const { log, commands } = build
  const { kind, command, folder, environment } = options
  if (kind === 'build') log.sentence`Executing user build command: ${command}`
  else log.sentence`Executing user deploy command: ${command}`
  const dependencies = await readDependencies(folder)
  const output = log.lines((line) => warnOfNpx(build, { line, dependencies }))
  const exit_code = await commands.run({
    argv: [SHELL, '-c', command],
    folder,
    environment,
    output,
  })
  if (kind === 'deploy') await logWorkerNames(build)
  if (exit_code !== 0) {
    if (await isTokenRevoked(build)) {
      throw new StepFailed({
        failure_reason: 'build_token_invalid',
        exit_code,
        message: FAILURE_REASONS.build_token_invalid.logLine,
      })
    }
    throw new StepFailed({
      failure_reason: kind === 'build' ? 'build_command_failed' : 'deploy_command_failed',
      exit_code,
      message: `Failed: error occurred while running ${kind} command`,
    })
  }
  log.fixedSentence(
    kind === 'build' ? 'Success: Build command completed' : 'Success: Deploy command completed',
  )
}
