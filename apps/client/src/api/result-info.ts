import type { ResultInfo } from '@workers-builds/contracts'

/** The position of a page among all pages. */
export function resultInfo({
  page,
  per_page,
  count,
  total_count,
}: {
  page: number
  per_page: number
  count: number
  total_count: number
}): ResultInfo {
  const total_pages = Math.ceil(total_count / per_page)
  return { page, per_page, count, total_count, total_pages, next_page: page < total_pages }
}
