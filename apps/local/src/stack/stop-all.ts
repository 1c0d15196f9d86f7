/**
 * Runs `stops`, the last one first, each exactly once. One that fails keeps none of the others from
 * running; the failures are thrown together at the end.
 */
export async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
    await next().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not every part could be stopped')
}
