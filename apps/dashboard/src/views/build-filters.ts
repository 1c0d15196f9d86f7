/** Filters of a list of builds, which its address keeps. */
export const FILTERS = [
  'branch',
  'status',
  'build_outcome',
  'search',
  'author',
  'cause',
  'build_trigger_source',
  'from',
  'to',
] as const

/** `from` and `to` are days of the viewer's zone, both included: `2026-12-01`. */
export type BuildsSearch = { [Name in (typeof FILTERS)[number]]?: string }

/** The filters that an address has. */
export function readFilters(given: Record<string, unknown>): BuildsSearch {
  const filters: BuildsSearch = {}
  for (const name of FILTERS) {
    const value = given[name]
    if (value !== undefined && value !== '') filters[name] = String(value)
  }
  return filters
}

/** The filters as the API has them. */
export function queryOf({ from, to, ...filters }: BuildsSearch): Record<string, string> {
  const after = startOfDay(from, 0)
  const before = startOfDay(to, 1)
  return {
    ...filters,
    ...(after && { created_after: after }),
    ...(before && { created_before: before }),
  }
}

function startOfDay(day: string | undefined, daysLater: number): string | undefined {
  const [year = Number.NaN, month = Number.NaN, date = Number.NaN] =
    day?.split('-').map(Number) ?? []
  const start = new Date(year, month - 1, date + daysLater)
  return Number.isNaN(start.getTime()) ? undefined : start.toISOString()
}
