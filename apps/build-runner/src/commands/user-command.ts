import { existsSync } from 'node:fs'
import { NO_NETWORK } from '@workers-builds/build-limits'
import { FAILURE_REASONS } from '@workers-builds/contracts'
import type { BuildContext } from '../build-context.ts'
import { isTokenRevoked } from '../deployment/revoked-token.ts'
import { logWorkerNames } from '../deployment/worker-name.ts'
import { StepFailed } from '../step-failed.ts'
import { explainLeftOut, missingCommand } from './left-out-dependencies.ts'
import { warnOfNpx } from './npx-notice.ts'
import { readDependencies } from './project-dependencies.ts'
import { findNetworkCut, type NetworkCut } from './without-network.ts'

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
  const shell: [string, ...string[]] = [SHELL, '-c', command]
  const isCut = kind === 'build' && build.spec.network === 'none'
  const cut = isCut ? await cutNetwork(build) : undefined
  const dependencies = await readDependencies(folder)
  let missing: string | undefined
  const output = log.lines((line) => {
    warnOfNpx(build, { line, dependencies })
    missing = missingCommand(line) ?? missing
  })
  const exit_code = await commands.run({
    argv: cut ? [...cut.prefix, ...shell] : shell,
    ...(cut && { limits: [NO_NETWORK] }),
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
    if (missing !== undefined) {
      await explainLeftOut(build, { missing, folder, environment, command, dependencies })
    }
    throw commandFailed({ kind, exit_code })
  }
  log.fixedSentence(
    kind === 'build' ? 'Success: Build command completed' : 'Success: Deploy command completed',
  )
}

function commandFailed({
  kind,
  exit_code,
}: {
  kind: 'build' | 'deploy'
  exit_code: number | null
}): StepFailed {
  return new StepFailed({
    failure_reason: kind === 'build' ? 'build_command_failed' : 'deploy_command_failed',
    exit_code,
    message: `Failed: error occurred while running ${kind} command`,
  })
}

/** How the build command loses the network. Throws StepFailed where it would keep it. */
async function cutNetwork({ log }: BuildContext): Promise<NetworkCut> {
  const cut = await findNetworkCut()
  if (cut === undefined) {
    log.fixedSentence(
      'The network cannot be shut off on this machine, so the build command is not run: network of the trigger is none. Set it to full, or build where Linux runs builds.',
    )
    throw commandFailed({ kind: 'build', exit_code: null })
  }
  const what = cut.hasLoopback ? 'no network' : 'no network, nor 127.0.0.1'
  log.fixedSentence(`The build command has ${what}: network of the trigger is none.`)
  return cut
}
