/** A row with its dates as the API shows them: ISO 8601 in UTC. */
export function withIsoDates<
  Row extends { created_on: Date; modified_on: Date; deleted_on: Date | null },
>(row: Row) {
  return {
    ...row,
    created_on: row.created_on.toISOString(),
    modified_on: row.modified_on.toISOString(),
    deleted_on: isoOrNull(row.deleted_on),
  }
}

export function isoOrNull(date: Date | null): string | null {
  return date?.toISOString() ?? null
}
