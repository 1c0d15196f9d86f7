import type { Build, BuildErrors, ScanOutcome, TopBuildErrors } from '@workers-builds/contracts'
import { waitFor } from '@workers-builds/local-platform/waiting'
import type { Api } from '../stack/api.ts'

const PAUSE_MS = 250

/** What the demo shows of a build that failed. */
export interface FollowedBuild {
  build: Build
  log: string[]
  scan_outcome: ScanOutcome
  errors: BuildErrors['errors']
  top: TopBuildErrors['errors']
}

/** Waits until the build of `commit_hash` has failed and the error in its log is counted. */
export async function followBuild({
  api,
  commit_hash,
  timeoutMs,
  signal,
  onStatus,
}: {
  api: Api
  commit_hash: string
  /** For each of the steps on the way. */
  timeoutMs: number
  signal: AbortSignal
  onStatus: (status: string) => void
}): Promise<FollowedBuild> {
  const options = { timeoutMs, pauseMs: PAUSE_MS, signal }
  const findBuild = async () => {
    const builds = await api.listBuilds()
    return builds.find((build) => build.build_trigger_metadata.commit_hash === commit_hash)
  }
  const { build_uuid } = await waitFor(`a build of commit ${commit_hash}`, findBuild, options)

  let status: string | undefined
  const findStopped = async () => {
    const build = await api.getBuild(build_uuid)
    if (build.status !== status) onStatus(`build ${build_uuid} is ${build.status}`)
    status = build.status
    return build.status === 'stopped' && build
  }
  const build = await waitFor(`the end of build ${build_uuid}`, findStopped, options)

  const findScan = async () => {
    const { scan, errors } = await api.getErrors(build_uuid)
    return scan !== null && { scan_outcome: scan.outcome, errors }
  }
  const scanned = await waitFor(`the scan of build ${build_uuid}`, findScan, options)
  const log = await api.getLog(build_uuid)
  const { errors: top } = await api.getTop()
  return { build, log, ...scanned, top }
}
