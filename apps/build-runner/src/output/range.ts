/** A part of a line. */
export interface Range {
  start: number
  end: number
}
