// What an old system knew of a person: a run of months a year with base, credit and index, and the balance at the end.
import { addMonths, type Month } from '@jinbao/core'
import type { Population, SeedPerson } from './people.ts'

export interface OpeningRow {
  readonly months: string
  readonly baseFen: bigint
  readonly accountFen: bigint
  readonly indexTenThousandths: bigint
}

export interface Opening {
  readonly rows: readonly OpeningRow[]
  readonly balancesUntil: Month
  readonly balanceFen: bigint
}

/** Wages grow and old balances bear interest at these yearly rates in the invented past, in percent. */
const GROWTH = 6n
const INTEREST = 4n
/** Contributions to accounts began. */
const FIRST_YEAR = 1996

export function openingOf(person: SeedPerson, { month, averageFen }: Population): Opening | undefined {
  const lastYear = Number(month.slice(0, 4)) - 1
  const from = person.insuredFrom > `${FIRST_YEAR}-01` ? person.insuredFrom : `${FIRST_YEAR}-01`
  if (person.insuredFrom === '' || from > `${lastYear}-12`) return undefined
  const rows: OpeningRow[] = []
  let balanceFen = 0n
  let baseFen = rounded(person.wageFen)
  const bases = new Map<number, bigint>()
  for (let year = lastYear; year >= Number(from.slice(0, 4)); year--) {
    bases.set(year, baseFen)
    baseFen = rounded((baseFen * 100n) / (100n + GROWTH))
  }
  const index = (person.wageFen * 10_000n) / averageFen
  for (let year = Number(from.slice(0, 4)); year <= lastYear; year++) {
    const first = year === Number(from.slice(0, 4)) ? from : `${year}-01`
    const months = BigInt(13 - Number(first.slice(5)))
    const base = bases.get(year) ?? 0n
    const accountFen = (base * 8n) / 100n
    balanceFen += (balanceFen * INTEREST) / 100n + months * accountFen
    rows.push({
      months: first === `${year}-12` ? first : `${first}..${year}-12`,
      baseFen: base,
      accountFen,
      indexTenThousandths: index > 30_000n ? 30_000n : index < 6_000n ? 6_000n : index,
    })
  }
  return { rows, balancesUntil: addMonths(`${lastYear}-01`, 11), balanceFen }
}

const rounded = (fen: bigint): bigint => fen - (fen % 100n)
