import type { Build, BuildErrors, ScanOutcome, TopBuildErrors } from '@workers-builds/contracts'
import type { Api } from './api.ts'
import { waitUntil } from './wait-until.ts'

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
  deadline,
  signal,
  onStatus,
}: {
  api: Api
  commit_hash: string
  deadline: number
  signal: AbortSignal
  onStatus: (status: string) => void
}): Promise<FollowedBuild> {
  const { build_uuid } = await waitUntil({
    expected: `a build of commit ${commit_hash}`,
    probe: async () => {
      const builds = await api.listBuilds()
      return builds.find((build) => build.build_trigger_metadata.commit_hash === commit_hash)
    },
    deadline,
    signal,
  })

  let status: string | undefined
  const build = await waitUntil({
    expected: `the end of build ${build_uuid}`,
    probe: async () => {
      const build = await api.getBuild(build_uuid)
      if (build.status !== status) onStatus(`build ${build_uuid} is ${build.status}`)
      status = build.status
      return build.status === 'stopped' ? build : undefined
    },
    deadline,
    signal,
  })

  const { scan_outcome, errors } = await waitUntil({
    expected: `the scan of build ${build_uuid}`,
    probe: async () => {
      const { scan, errors } = await api.getErrors(build_uuid)
      return scan === null ? undefined : { scan_outcome: scan.outcome, errors }
    },
    deadline,
    signal,
  })
  const log = await api.getLog(build_uuid)
  const { errors: top } = await api.getTop()
  return { build, log, scan_outcome, errors, top }
}
