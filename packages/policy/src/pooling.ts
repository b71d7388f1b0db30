// RG-02: the place that holds a line's fund. RG-03: nothing below the city holds one.
import type { Day } from '@jinbao/core'
import type { PolicyBook } from './book.ts'

export type PooledLine = 'pension' | 'medical' | 'unemployment' | 'injury'

/** The pooling region of a line for a place. A municipality is province and city at once (RG-01). */
export function poolingRegion(book: PolicyBook, line: PooledLine, place: string, day: Day): string {
  const level = book.on(place, day).word(`pooling.level.${line}`, ['PROVINCE', 'CITY']).word
  if (level === 'CITY') return book.place(place).poolingRegion ?? place
  return book.chain(place).find((above) => book.place(above).kind === 'province') ?? place
}
