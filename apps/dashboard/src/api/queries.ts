/** What the views read, and how often they read it again. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  Build,
  BuildDetails,
  BuildErrors,
  FoundBuilds,
  Trigger,
  WebhookDeliveryView,
  WorkerErrors,
  WorkerScript,
} from '@workers-builds/contracts'
import { call, readSession } from './api.ts'

/** While something is under way. */
const LIVE_MS = 2_000
const QUIET_MS = 15_000

/** A URL's page of `external_script_ids`. */
const LATEST_AT_ONCE = 20

/** As query parameters of `GET …/builds/search`. */
export type BuildFilters = Record<string, string>

const builds = (account_id: string) => `/accounts/${account_id}/builds`

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: readSession,
  staleTime: 60_000,
  retry: false,
})

export const workersQuery = (account_id: string) =>
  queryOptions({
    queryKey: ['workers', account_id],
    queryFn: ({ signal }) =>
      call<WorkerScript[]>(`/accounts/${account_id}/workers/scripts`, { signal }),
  })

export const triggersQuery = (account_id: string, script_tag: string) =>
  queryOptions({
    queryKey: ['triggers', account_id, script_tag],
    queryFn: ({ signal }) =>
      call<Trigger[]>(`${builds(account_id)}/workers/${script_tag}/triggers`, { signal }),
  })

const DELIVERIES = 15

/** The newest events that a repository sent. */
export const deliveriesQuery = (account_id: string, repo_connection_uuid: string) =>
  queryOptions({
    queryKey: ['deliveries', account_id, repo_connection_uuid],
    queryFn: ({ signal }) =>
      call<WebhookDeliveryView[]>(
        `${builds(account_id)}/repos/connections/${repo_connection_uuid}/deliveries?per_page=${DELIVERIES}`,
        { signal },
      ),
  })

/** The newest build of each Worker, by its tag. */
export const latestBuildsQuery = (account_id: string, tags: string[]) =>
  queryOptions({
    queryKey: ['latest', account_id, tags],
    queryFn: async ({ signal }) => {
      const pages = Array.from({ length: Math.ceil(tags.length / LATEST_AT_ONCE) }, (_, i) =>
        tags.slice(i * LATEST_AT_ONCE, (i + 1) * LATEST_AT_ONCE),
      )
      const answers = await Promise.all(
        pages.map((page) =>
          call<{ builds: Record<string, Build> }>(
            `${builds(account_id)}/builds/latest?external_script_ids=${page.join(',')}`,
            { signal },
          ),
        ),
      )
      return Object.assign({}, ...answers.map((answer) => answer.builds)) as Record<string, Build>
    },
    refetchInterval: ({ state }) => pace(Object.values(state.data ?? {})),
  })

export const buildsQuery = (account_id: string, filters: BuildFilters) =>
  infiniteQueryOptions({
    queryKey: ['builds', account_id, filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const given = Object.entries({ ...filters, cursor: pageParam }).filter(([, value]) => value)
      const query = new URLSearchParams({ per_page: '30', ...Object.fromEntries(given) })
      return call<FoundBuilds>(`${builds(account_id)}/builds/search?${query}`, { signal })
    },
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: ({ state }) => pace(state.data?.pages.flatMap((page) => page.builds) ?? []),
  })

export const buildQuery = (account_id: string, build_uuid: string) =>
  queryOptions({
    queryKey: ['build', account_id, build_uuid],
    queryFn: ({ signal }) =>
      call<BuildDetails>(`${builds(account_id)}/builds/${build_uuid}`, { signal }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? LIVE_MS : false),
  })

/** A failed build is explained a moment after it has stopped. */
export const errorsQuery = (account_id: string, build_uuid: string) =>
  queryOptions({
    queryKey: ['errors', account_id, build_uuid],
    queryFn: ({ signal }) =>
      call<BuildErrors>(`${builds(account_id)}/builds/${build_uuid}/errors`, { signal }),
    refetchInterval: ({ state }) => (state.data?.scan === null ? LIVE_MS : false),
  })

export const workerErrorsQuery = (account_id: string, script_tag: string, branch: string) =>
  queryOptions({
    queryKey: ['worker errors', account_id, script_tag, branch],
    queryFn: ({ signal }) =>
      call<WorkerErrors>(
        `${builds(account_id)}/workers/${script_tag}/errors?${new URLSearchParams({ branch })}`,
        { signal },
      ),
  })

export const isUnderWay = ({ status }: Pick<Build, 'status'>) => status !== 'stopped'

function pace(some: Build[]): number {
  return some.some(isUnderWay) ? LIVE_MS : QUIET_MS
}
