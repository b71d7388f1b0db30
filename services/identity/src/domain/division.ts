// Administrative divisions as far as a number needs them (other-lines §1.3).
import { countyCodes } from './county-codes.ts'

/** The 31 province-level units, with Taiwan, Hong Kong, Macao (GB/T 2260); 83 stands on Taiwan residents' permits (ID-04). */
const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82'.split(' '),
)
export const TAIWAN_PERMIT = '83'

export const isProvince = (code: string): boolean => provinces.has(code)

function* spread(list: string): Iterable<number> {
  for (const part of list.split(',')) {
    const [from, to] = part.split('-').map(Number)
    for (let at = from!; at <= (to ?? from!); at++) yield at
  }
}

const counties: ReadonlySet<string> = new Set(
  countyCodes
    .trim()
    .split(/\s+/)
    .flatMap((entry) => {
      const [prefecture = '', list = ''] = entry.split(':')
      return [...spread(list)].map((pair) => prefecture + String(pair).padStart(2, '0'))
    }),
)

/** True for a code that was in force in any revision; Hong Kong, Macao and Taiwan have no counties in the standard. */
export const wasEverInForce = (code: string): boolean => counties.has(code) || /^(71|81|82|83)0{4}$/.test(code)

/** County pair 99 was never given out: numbers of invented people carry it (other-lines §1.1). */
export const isSynthetic = (code: string): boolean => code.slice(4, 6) === '99'
