// One person of the synthetic population, made from her row alone.
import { addDays, type Day, daysBetween, type Month, monthIndex, monthOf } from '@jinbao/core'
import { type Chance, chanceOf, quantile } from './chance.ts'
import { identityNumber, syntheticCounty } from './identifiers.ts'
import { givenNames, surnames } from './names.ts'

export interface SeedPerson {
  readonly row: number
  readonly number: string
  readonly name: string
  readonly birthDate: Day
  readonly male: boolean
  /** Wage in fen a month. */
  readonly wageFen: bigint
  readonly employed: boolean
  /** First month of the working life that the old system knows; empty for who has none. */
  readonly insuredFrom: Month
}

export interface Population {
  readonly seed: number
  readonly place: string
  /** Month the population stands at. */
  readonly month: Month
  /** Average wage of the place in fen a month. */
  readonly averageFen: bigint
}

const OLDEST = 68
const YOUNGEST = 17
/** Coprime to the number of days, so that neighbours in the file are no neighbours in age. */
const STRIDE = 7_919
/** Wages in percent of the average: ten equal groups from the lowest to the highest. */
const WAGES = [30, 42, 50, 58, 66, 76, 88, 104, 132, 190, 520]

const ask = { sex: 0, surname: 1, first: 2, second: 3, single: 4, wage: 5, fen: 6, employed: 7, start: 8 } as const

/** How many persons have numbers of their own in one place. */
export const capacity = (month: Month): number => 500 * daysOf(month).count

function daysOf(month: Month): { first: Day; count: number } {
  const first = `${monthOf(monthIndex(month) - OLDEST * 12)}-01`
  return { first, count: daysBetween(first, `${monthOf(monthIndex(month) - YOUNGEST * 12)}-01`) }
}

export function personAt(row: number, { seed, place, month, averageFen }: Population): SeedPerson {
  const chance = chanceOf(seed, row)
  const male = chance(ask.sex, 1_000) < 512
  const { first, count } = daysOf(month)
  const birthDate = addDays(first, Number((BigInt(row) * BigInt(STRIDE)) % BigInt(count)))
  const sequence = Math.trunc(row / count) * 2 + (male ? 1 : 0)
  const age = Math.trunc((monthIndex(month) - monthIndex(birthDate.slice(0, 7))) / 12)
  const worked = age >= 22 && chance(ask.employed, 1_000) < 960
  const wageFen = (averageFen * BigInt(quantile(WAGES, chance, ask.wage))) / 100n
  return {
    row,
    number: identityNumber(syntheticCounty(place), birthDate, sequence),
    name: nameOf(chance, male),
    birthDate,
    male,
    // Nobody earns whole hundreds only.
    wageFen: wageFen - (wageFen % 100n) + (chance(ask.fen, 4) === 0 ? BigInt(chance(ask.fen, 100)) : 0n),
    employed: age > 18 && age < (male ? 60 : 50) && chance(ask.employed, 1_000) < 900,
    insuredFrom: worked ? monthOf(monthIndex(birthDate.slice(0, 7)) + 18 * 12 + chance(ask.start, 84)) : '',
  }
}

function nameOf(chance: Chance, male: boolean): string {
  const of = (list: readonly string[], question: number) => list[chance(question, list.length)] ?? ''
  const given = male ? givenNames.male : givenNames.female
  return of(surnames, ask.surname) + of(given, ask.first) + (chance(ask.single, 10) < 2 ? '' : of(given, ask.second))
}
