/** Filters of a list of builds, which its address keeps. */
export type BuildsSearch = {
  branch?: string
  status?: string
  build_outcome?: string
  search?: string
}

const FILTERS = ['branch', 'status', 'build_outcome', 'search'] as const

/** The filters that an address has. */
export function readFilters(given: Record<string, unknown>): BuildsSearch {
  const filters: BuildsSearch = {}
  for (const name of FILTERS) {
    const value = given[name]
    if (value !== undefined && value !== '') filters[name] = String(value)
  }
  return filters
}
