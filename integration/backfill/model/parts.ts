import type { Parts } from './projection.ts'

/**
 * Measured on a busy machine of 2 cores where that is possible here: the detector's CPU over the
 * bench's logs (0.35 to 0.9 ms), and the select and transaction of a batch (50 to 100 ms with making
 * the connection). What only Cloudflare could measure is assumed, and said to be.
 */
export const PARTS: Parts = {
  // Assumed: an object of the same region that is not in memory.
  cold_read_ms: 50,
  cpu_ms_per_build: 0.5,
  store_ms_per_batch: 60,
  // Assumed: a full batch does not wait for the batch timeout.
  delivery_ms: 200,
  // Assumed.
  send_batch_ms: 20,
  select_ms: 30,
}
