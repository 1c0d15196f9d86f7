/** Seals stored values again, with the newest key of a keyring. */
import { type Keyring, SealedValueError } from './keyring.ts'

/** A column of sealed values. */
export type ResealColumn = { table: string; column: string }

/** Where they are stored. */
export type ResealStore<Column extends ResealColumn> = {
  selectSealedWithOthers(
    of: Column,
    page: { key_id: string; after: string; limit: number },
  ): Promise<{ row: string; sealed: string }[]>
  replace(of: Column, value: { row: string; sealed: string }, resealed: string): Promise<boolean>
}

export type Resealed = {
  resealed: number
  /** Values that no key of the ring opens, by their places; they are left as they are. */
  unopened: { table: string; column: string; row: string }[]
}

/**
 * Seals at most `limit` values again that another key than the newest has sealed. Interrupted, or
 * called while others write, it loses nothing: each value is replaced by itself, and only where it
 * is still the one that was read. Call it until `resealed` is 0.
 */
export async function resealSome<Column extends ResealColumn>(
  columns: readonly Column[],
  { keyring, store, limit }: { keyring: Keyring; store: ResealStore<Column>; limit: number },
): Promise<Resealed> {
  const result: Resealed = { resealed: 0, unopened: [] }
  for (const column of columns) {
    for (let after = ''; result.resealed < limit; ) {
      const room = limit - result.resealed
      const page = { key_id: keyring.newestKeyId, after, limit: room }
      const values = await store.selectSealedWithOthers(column, page)
      for (const value of values) {
        const place = { table: column.table, row: value.row, column: column.column }
        const resealed = await resealOne(keyring, value.sealed, place)
        if (resealed === undefined) result.unopened.push(place)
        else if (await store.replace(column, value, resealed)) result.resealed++
      }
      after = values.at(-1)?.row ?? after
      if (values.length < room) break
    }
  }
  return result
}

async function resealOne(
  keyring: Keyring,
  sealed: string,
  place: { table: string; row: string; column: string },
): Promise<string | undefined> {
  try {
    return await keyring.seal(await keyring.open(sealed, place), place)
  } catch (error) {
    if (error instanceof SealedValueError) return undefined
    throw error
  }
}
