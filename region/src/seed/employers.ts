// Employers: many small ones, a few large ones (sizes by a power law), filled one after the other.
import { chanceOf } from './chance.ts'
import { creditCode, syntheticCounty } from './identifiers.ts'
import { brands, type Industry, industries } from './names.ts'
import type { Population } from './people.ts'

export interface SeedEmployer {
  readonly creditCode: string
  readonly name: string
  readonly industry: Industry
  readonly contributesFrom: string
  /** How many persons it has room for. */
  readonly size: number
}

const LARGEST = 100_000
const ask = { size: 0, industry: 1, first: 2, second: 3, year: 4, month: 5 } as const

/** Pareto with exponent one: twice the size is half as frequent. */
const sizeOf = (chance: (question: number, below: number) => number) =>
  Math.min(LARGEST, Math.trunc(4_000_000 / (1 + chance(ask.size, 1_000_000))))

export function employerAt(row: number, { seed, place }: Population): SeedEmployer {
  const chance = chanceOf(seed ^ 0x5bd1e995, row)
  const industry = industries[chance(ask.industry, industries.length)] as Industry
  const [first = [], second = []] = brands
  const brand = (first[chance(ask.first, first.length)] ?? '') + (second[chance(ask.second, second.length)] ?? '')
  return {
    creditCode: creditCode(syntheticCounty(place), row + 1),
    name: `${brand}${industry.word}有限公司（合成${row + 1}）`,
    industry,
    contributesFrom: `${1998 + chance(ask.year, 20)}-${String(1 + chance(ask.month, 12)).padStart(2, '0')}-01`,
    size: sizeOf(chance),
  }
}
