/** Kinds of fields that several resources have. */
import { z } from 'zod'

export const IsoDate = z.iso.datetime()

/** When a row was made, changed and deleted. */
export const Dates = z.object({
  created_on: IsoDate,
  modified_on: IsoDate,
  deleted_on: IsoDate.nullable(),
})

/** What a person calls a thing. */
export const Name = z.string().min(1).max(256)

/** Never returned, nor quoted in an error. */
export const Secret = z.string().min(1).max(5_000).meta({ writeOnly: true })
