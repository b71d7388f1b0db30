// What is open with an institution, as clearings of at most 1,000 amounts.
import { lastDay, type Month } from '@jinbao/core'
import type { ClearingLine } from '@jinbao/proto/medical/v1/events.ts'
import { type Order, order, type ReactionContext } from '@jinbao/service'
import { MAX_LINES } from './domain/clearing.ts'
import { sameProvince } from './domain/places.ts'
import { clearings } from './streams.ts'

interface EntryRow {
  readonly entry_id: string
  readonly claim_id: string
  readonly person_id: string
  readonly year: bigint
  readonly fund_fen: bigint
}

const lineOf = (row: EntryRow): ClearingLine => ({
  entryId: row.entry_id,
  claimId: row.claim_id,
  personId: row.person_id,
  year: Number(row.year),
  fundFen: row.fund_fen,
})

export const openLines = ({ db }: Pick<ReactionContext, 'db'>, institutionId: string, month: Month): ClearingLine[] =>
  db
    .all<EntryRow>(
      "SELECT * FROM clearing_entries WHERE institution_id = ? AND clearing_id = '' AND day <= ? ORDER BY day, entry_id",
      institutionId,
      lastDay(month),
    )
    .map(lineOf)

export function* closings(
  reads: Pick<ReactionContext, 'db'>,
  institutionId: string,
  month: Month,
  home: string,
): Iterable<Order> {
  const lines = openLines(reads, institutionId, month)
  const place = reads.db.get<{ place: string }>(
    'SELECT place FROM institutions WHERE institution_id = ?',
    institutionId,
  )?.place
  const done = reads.db.get<{ n: bigint }>(
    'SELECT count(DISTINCT clearing_id) AS n FROM clearing_entries WHERE institution_id = ? AND clearing_id LIKE ?',
    institutionId,
    `%.${month}.%`,
  )
  const offRegion = place !== undefined && !sameProvince(home, place)
  for (let at = 0, n = Number(done?.n ?? 0n) + 1; at < lines.length; at += MAX_LINES, n++) {
    const clearingId = `${institutionId}.${month}.${n}`
    const some = lines.slice(at, at + MAX_LINES)
    yield order(clearings, clearingId, {
      type: 'Close',
      clearingId,
      institutionId,
      month,
      lines: some,
      offRegion,
    })
  }
}
