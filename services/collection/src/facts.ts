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

interface RelationRow {
  person_id: string
  employer_id: string
  day_from: string
  day_to: string
  main: bigint
}

/** Two questions for a whole chunk; a third for the few who have a main relation elsewhere in the month. */
export function factsOf(db: ReadDb, employerId: string, month: Month, personIds: readonly string[]): Facts {
  const ids = JSON.stringify(personIds)
  const relations = Map.groupBy(
    db.all<RelationRow>(
      `SELECT person_id, employer_id, day_from, day_to, main FROM relations WHERE person_id IN ${among}`,
      ids,
    ),
    (row) => row.person_id,
  )
  const facts = new Map<string, PersonFacts>()
  for (const row of db.all<PersonRow>(personSql(`IN ${among}`), ids)) {
    const all = relations.get(row.person_id) ?? []
    const own = all.filter((one) => one.employer_id === employerId)
    facts.set(row.person_id, {
      birthMonth: row.birth_month,
      diedOn: row.died_on,
      pensionFrom: row.from_month ?? '',
      relations: own.map((one) => ({ from: one.day_from, to: one.day_to, main: one.main === 1n })),
      declaredBy: all.length > own.length ? declaredElsewhere(db, employerId, month, all) : '',
    })
  }
  return facts
}

/** A person is declared only where a relation is; so only those employers need be asked (DC-11). */
function declaredElsewhere(db: ReadDb, employerId: string, month: Month, relations: readonly RelationRow[]): string {
  const others = relations.filter((one) => one.employer_id !== employerId && one.main === 1n && inMonth(one, month))
  return others.find((one) => isMain(db, one.employer_id, month, one.person_id))?.employer_id ?? ''
}

const inMonth = ({ day_from, day_to }: RelationRow, month: Month) =>
  day_from <= lastDay(month) && (day_to === '' || day_to >= firstDay(month))

const isMain = (db: ReadDb, employerId: string, month: Month, personId: string): boolean =>
  db.get(
    'SELECT 1 FROM declared, json_each(declared.main) WHERE employer_id = ? AND month = ? AND value = ? LIMIT 1',
    employerId,
    month,
    personId,
  ) !== undefined

export function flexibleFacts(db: ReadDb, personId: string, months: readonly Month[]): FlexibleFacts | undefined {
  const row = db.get<PersonRow>(personSql('= ?'), personId)
  if (!row) return undefined
  const relations = db.all<RelationRow>('SELECT * FROM relations WHERE person_id = ?', personId)
  const employed = months.filter((month) => declaredElsewhere(db, '', month, relations) !== '')
  return {
    birthMonth: row.birth_month,
    diedOn: row.died_on,
    pensionFrom: row.from_month ?? '',
    employed: new Set(employed),
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
export function chunksOf(
  db: ReadDb,
  employerId: string,
  month: Month,
  personIds: readonly string[],
): ReadonlyMap<string, number> {
  const asked = new Set(personIds)
  const found = new Map<string, number>()
  const rows = db.all<{ chunk: bigint; main: string; part: string }>(
    'SELECT chunk, main, part FROM declared WHERE employer_id = ? AND month = ?',
    employerId,
    month,
  )
  for (const { chunk, main, part } of rows)
    for (const personId of [...(JSON.parse(main) as string[]), ...(JSON.parse(part) as string[])])
      if (asked.has(personId)) found.set(personId, Number(chunk))
  return found
}

/** Months of an employer with something to pay, oldest first. */
export const openMonths = (db: ReadDb, employerId: string): string[] =>
  db
    .all<{ month: string }>(
      'SELECT month FROM bills WHERE employer_id = ? AND open_fen > 0 ORDER BY month LIMIT 900',
      employerId,
    )
    .map((row) => row.month)
