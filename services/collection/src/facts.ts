// What the registers say, from the views: as a declaration, a prefill or a flexible worker's choice needs it.
import { firstDay, lastDay, type Month } from '@jinbao/core'
import type { ReadDb } from '@jinbao/service'
import type { Facts, PersonFacts } from './domain/check.ts'
import type { Opening } from './domain/declaration.ts'
import type { FlexibleFacts } from './domain/flexibleMonths.ts'
import { refuse } from './domain/refusals.ts'

const among = '(SELECT value FROM json_each(?))'

interface PersonRow {
  person_id: string
  birth_month: string
  died_on: string
  from_month: string | null
}

const personSql = (where: string) => `SELECT p.person_id, p.birth_month, p.died_on, x.from_month FROM persons p
  LEFT JOIN pensioners x ON x.person_id = p.survivor_id WHERE p.person_id ${where}`

/** Three questions for a whole chunk. */
export function factsOf(db: ReadDb, employerId: string, month: Month, personIds: readonly string[]): Facts {
  const ids = JSON.stringify(personIds)
  const relations = Map.groupBy(
    db.all<{ person_id: string; day_from: string; day_to: string; main: bigint }>(
      `SELECT person_id, day_from, day_to, main FROM relations WHERE employer_id = ? AND person_id IN ${among}`,
      employerId,
      ids,
    ),
    (row) => row.person_id,
  )
  const elsewhere = new Map(
    db
      .all<{ person_id: string; employer_id: string }>(
        `SELECT person_id, employer_id FROM declared WHERE month = ? AND employer_id <> ? AND main = 1 AND person_id IN ${among}`,
        month,
        employerId,
        ids,
      )
      .map((row) => [row.person_id, row.employer_id]),
  )
  const facts = new Map<string, PersonFacts>()
  for (const row of db.all<PersonRow>(personSql(`IN ${among}`), ids))
    facts.set(row.person_id, {
      birthMonth: row.birth_month,
      diedOn: row.died_on,
      pensionFrom: row.from_month ?? '',
      relations: (relations.get(row.person_id) ?? []).map((one) => ({
        from: one.day_from,
        to: one.day_to,
        main: one.main === 1n,
      })),
      declaredBy: elsewhere.get(row.person_id) ?? '',
    })
  return facts
}

export function flexibleFacts(db: ReadDb, personId: string, months: readonly Month[]): FlexibleFacts | undefined {
  const row = db.get<PersonRow>(personSql('= ?'), personId)
  if (!row) return undefined
  const employed = db.all<{ month: string }>(
    `SELECT month FROM declared WHERE month IN ${among} AND person_id = ? AND main = 1`,
    JSON.stringify(months),
    personId,
  )
  return {
    birthMonth: row.birth_month,
    diedOn: row.died_on,
    pensionFrom: row.from_month ?? '',
    employed: new Set(employed.map((one) => one.month)),
  }
}

export function openingOf(db: ReadDb, employerId: string, month: Month): Opening {
  const row = db.get<{ risk_class: bigint; contributes_from: string }>(
    'SELECT risk_class, contributes_from FROM employers WHERE employer_id = ?',
    employerId,
  )
  if (!row) return refuse('EMPLOYER_UNKNOWN')
  // The float is decided every one to three years by the injury line (WI-01); until it says otherwise the benchmark.
  const tariff = { riskClass: Number(row.risk_class), floatStep: 0 }
  return { employerId, month, tariff, contributesFrom: row.contributes_from }
}

export interface StaffRow {
  person_id: string
  main: bigint
  wage_fen: bigint
}

/** Who has a labour relation with the employer in the month, and the wage agreed; the main relation first. */
export const staffOf = (db: ReadDb, employerId: string, month: Month): StaffRow[] =>
  db.all<StaffRow>(
    `SELECT person_id, max(main) AS main, wage_fen FROM relations
     WHERE employer_id = ? AND day_from <= ? AND (day_to = '' OR day_to >= ?) GROUP BY person_id ORDER BY person_id`,
    employerId,
    lastDay(month),
    firstDay(month),
  )

/** In which chunk each of these persons is declared. */
export const chunksOf = (
  db: ReadDb,
  employerId: string,
  month: Month,
  personIds: readonly string[],
): ReadonlyMap<string, number> =>
  new Map(
    db
      .all<{ person_id: string; chunk: bigint }>(
        `SELECT person_id, chunk FROM declared WHERE month = ? AND employer_id = ? AND person_id IN ${among}`,
        month,
        employerId,
        JSON.stringify(personIds),
      )
      .map((row) => [row.person_id, Number(row.chunk)]),
  )

/** Months of an employer with something to pay, oldest first. */
export const openMonths = (db: ReadDb, employerId: string): string[] =>
  db
    .all<{ month: string }>(
      'SELECT month FROM bills WHERE employer_id = ? AND open_fen > 0 ORDER BY month LIMIT 900',
      employerId,
    )
    .map((row) => row.month)
