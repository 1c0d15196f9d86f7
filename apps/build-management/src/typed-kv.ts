import type { z } from 'zod'

/** A typed view of a Durable Object's key-value storage: one schema a key. */
export function typedKv<Schemas extends Record<string, z.ZodType>>(
  kv: SyncKvStorage,
  schemas: Schemas,
) {
  type Values = { [Key in keyof Schemas & string]: z.infer<Schemas[Key]> }

  return {
    /** The value, or null when there is none; throws when what is stored does not fit. */
    get<Key extends keyof Values & string>(key: Key): Values[Key] | null {
      const stored = kv.get(key)
      if (stored === undefined) return null
      return schemas[key]?.parse(stored) as Values[Key]
    },
    put<Key extends keyof Values & string>(key: Key, value: Values[Key]): void {
      kv.put(key, value)
    },
    delete(key: keyof Values & string): void {
      kv.delete(key)
    },
  }
}
