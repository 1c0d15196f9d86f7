/** When a row was made, changed and deleted: as the driver returns it, and out of `to_jsonb`. */
import { z } from 'zod'

export const RowDates = {
  created_on: z.date(),
  modified_on: z.date(),
  deleted_on: z.date().nullable(),
}

const JsonDate = z.coerce.date()

export const JsonRowDates = {
  created_on: JsonDate,
  modified_on: JsonDate,
  deleted_on: JsonDate.nullable(),
}
