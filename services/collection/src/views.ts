import type { AssessedLine, LineDue } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import * as employment from '@jinbao/proto/employment/v1/events.ts'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import * as pension from '@jinbao/proto/pension/v1/events.ts'
import { type Db, view } from '@jinbao/service'
import { chunkEvents } from './domain/chunk.ts'
import { declarationEvents } from './domain/declaration.ts'
import { sumDues, whole } from './domain/lines.ts'

/** Birth month and death of the persons on the register, and whose record an alias is. */
export const persons = view(
  {
    PersonRegistered: identity.PersonRegistered,
    DeathRegistered: identity.DeathRegistered,
    DeathRevoked: identity.DeathRevoked,
    PersonsMerged: identity.PersonsMerged,
  },
  {
    name: 'persons',
    source: 'identity',
    tables: `CREATE TABLE persons (
      person_id TEXT PRIMARY KEY, birth_month TEXT NOT NULL, died_on TEXT NOT NULL, survivor_id TEXT NOT NULL) WITHOUT ROWID`,
    apply: {
      PersonRegistered: (db, e) =>
        db.run("INSERT OR IGNORE INTO persons VALUES (?, ?, '', ?)", e.personId, e.birthMonth, e.personId),
      DeathRegistered: (db, e) => db.run('UPDATE persons SET died_on = ? WHERE survivor_id = ?', e.diedOn, e.personId),
      DeathRevoked: (db, e) => db.run("UPDATE persons SET died_on = '' WHERE survivor_id = ?", e.personId),
      PersonsMerged: (db, e) =>
        db.run('UPDATE persons SET survivor_id = ? WHERE survivor_id = ?', e.survivorId, e.absorbedId),
    },
  },
)

/** Who works for whom and when: the month must lie in the relation, and prefills come from it. */
export const relations = view(
  {
    HireFiled: employment.HireFiled,
    TermsChanged: employment.TermsChanged,
    RelationEnded: employment.RelationEnded,
    RelationRestored: employment.RelationRestored,
    RelationVoided: employment.RelationVoided,
  },
  {
    name: 'relations',
    source: 'employment',
    tables: `CREATE TABLE relations (
      relation_id TEXT PRIMARY KEY, employer_id TEXT NOT NULL, person_id TEXT NOT NULL, day_from TEXT NOT NULL,
      day_to TEXT NOT NULL, main INTEGER NOT NULL, wage_fen INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX relations_employer ON relations (employer_id); CREATE INDEX relations_person ON relations (person_id)`,
    apply: {
      HireFiled: (db, e) =>
        db.run(
          "INSERT OR REPLACE INTO relations VALUES (?, ?, ?, ?, '', ?, ?)",
          e.relationId,
          e.employerId,
          e.personId,
          e.from,
          e.main ? 1 : 0,
          e.wageFen,
        ),
      TermsChanged: (db, e) =>
        db.run('UPDATE relations SET wage_fen = ? WHERE relation_id = ?', e.wageFen, e.relationId),
      RelationEnded: (db, e) => db.run('UPDATE relations SET day_to = ? WHERE relation_id = ?', e.on, e.relationId),
      RelationRestored: (db, e) => db.run("UPDATE relations SET day_to = '' WHERE relation_id = ?", e.relationId),
      RelationVoided: (db, e) => db.run('DELETE FROM relations WHERE relation_id = ?', e.relationId),
    },
  },
)

/** Employers on the register, with their place in the injury tariff. */
export const employers = view(
  { EmployerRegistered: identity.EmployerRegistered },
  {
    name: 'employers',
    source: 'identity',
    tables: `CREATE TABLE employers (
      employer_id TEXT PRIMARY KEY, risk_class INTEGER NOT NULL, contributes_from TEXT NOT NULL) WITHOUT ROWID`,
    apply: {
      EmployerRegistered: (db, e) =>
        db.run('INSERT OR REPLACE INTO employers VALUES (?, ?, ?)', e.employerId, e.riskClass, e.contributesFrom),
    },
  },
)

/** Who draws a pension since when (DC-11). */
export const pensioners = view(
  { PensionAwarded: pension.PensionAwarded },
  {
    name: 'pensioners',
    source: 'pension',
    tables: 'CREATE TABLE pensioners (person_id TEXT PRIMARY KEY, from_month TEXT NOT NULL) WITHOUT ROWID',
    apply: {
      PensionAwarded: (db, e) => db.run('INSERT OR REPLACE INTO pensioners VALUES (?, ?)', e.personId, e.firstMonth),
    },
  },
)

interface DeclaredRow {
  main: string
  part: string
}

/**
 * Who is declared where, a row a chunk: a million persons a month are a thousand rows. `main`: for all lines; `part`:
 * work injury only, or taken out by a correction.
 */
export const declared = view(
  { LinesAssessed: chunkEvents.LinesAssessed, LinesCorrected: chunkEvents.LinesCorrected },
  {
    name: 'declared',
    tables: `CREATE TABLE declared (
      employer_id TEXT NOT NULL, month TEXT NOT NULL, chunk INTEGER NOT NULL, main TEXT NOT NULL, part TEXT NOT NULL,
      PRIMARY KEY (employer_id, month, chunk))`,
    apply: {
      LinesAssessed: (db, { lines, ...key }) => putDeclared(db, key, lines),
      LinesCorrected: (db, { lines, ...key }) => putDeclared(db, key, lines),
    },
  },
)

function putDeclared(
  db: Db,
  { month, employerId, chunk }: { readonly month: string; readonly employerId: string; readonly chunk: number },
  lines: readonly AssessedLine[],
): void {
  const where = 'WHERE employer_id = ? AND month = ? AND chunk = ?'
  const row = db.get<DeclaredRow>(`SELECT main, part FROM declared ${where}`, employerId, month, chunk)
  const main = new Set<string>(row ? JSON.parse(row.main) : [])
  const part = new Set<string>(row ? JSON.parse(row.part) : [])
  for (const { wage, lines: dues } of lines) {
    const all = dues.some(({ line }) => line === Line.PENSION)
    ;(all ? part : main).delete(wage!.personId)
    ;(all ? main : part).add(wage!.personId)
  }
  const put = 'INSERT OR REPLACE INTO declared VALUES (?, ?, ?, ?, ?)'
  db.run(put, employerId, month, chunk, JSON.stringify([...main]), JSON.stringify([...part]))
}

const total = (dues: readonly LineDue[]) => dues.reduce((sum, due) => sum + whole(due), 0n)
type StoredDue = [line: LineDue['line'], employer: string, employee: string]

/** The bill by line and side, as the view keeps it for the estimate of the next month (S-06). */
export const duesIn = (text: string): LineDue[] =>
  (JSON.parse(text) as StoredDue[]).map(([line, employer, employee]) => ({
    line,
    employerFen: BigInt(employer),
    employeeFen: BigInt(employee),
    accountFen: 0n,
  }))

function putDues(db: Db, { employerId, month }: { employerId: string; month: string }, dues: readonly LineDue[]): void {
  const stored = dues.map(({ line, employerFen, employeeFen }) => [line, String(employerFen), String(employeeFen)])
  db.run(`UPDATE bills SET due_fen = ?, dues = ? ${keyed}`, total(dues), JSON.stringify(stored), employerId, month)
}

const keyed = 'WHERE employer_id = ? AND month = ?'

/** What each employer owes for each month: what is open, what is overdue, what an estimate rests on. */
export const bills = view(declarationEvents, {
  name: 'bills',
  tables: `CREATE TABLE bills (
    employer_id TEXT NOT NULL, month TEXT NOT NULL, declare_by TEXT NOT NULL, due_on TEXT NOT NULL, filed INTEGER NOT NULL,
    overdue INTEGER NOT NULL, due_fen INTEGER NOT NULL, paid_fen INTEGER NOT NULL, fee_fen INTEGER NOT NULL,
    fee_paid_fen INTEGER NOT NULL, dues TEXT NOT NULL, open_fen INTEGER AS (due_fen - paid_fen + fee_fen - fee_paid_fen) STORED,
    PRIMARY KEY (employer_id, month)) WITHOUT ROWID;
    CREATE INDEX bills_open ON bills (due_on, employer_id, month) WHERE open_fen > 0;
    CREATE INDEX bills_month ON bills (month, employer_id)`,
  apply: {
    DeclarationOpened: (db, e) =>
      db.run(
        "INSERT OR IGNORE INTO bills VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, '[]')",
        e.employerId,
        e.month,
        e.declareBy,
        e.dueOn,
      ),
    DeclarationSubmitted: (db, e) => db.run(`UPDATE bills SET filed = 1 ${keyed}`, e.employerId, e.month),
    DeclarationRejected: (db, e) => db.run(`UPDATE bills SET filed = 0 ${keyed}`, e.employerId, e.month),
    DeclarationAssessed: (db, e) => putDues(db, e, sumDues(e.chunks.flatMap(({ lines }) => lines))),
    ContributionEstimated(db, e) {
      putDues(db, e, e.lines)
      db.run(`UPDATE bills SET filed = 1 ${keyed}`, e.employerId, e.month)
    },
    EstimateSettled: (db, e) =>
      db.run(
        `UPDATE bills SET paid_fen = ? ${keyed}`,
        e.chunks.flatMap(({ lines }) => lines).reduce((sum, one) => sum + one.principalFen, 0n),
        e.employerId,
        e.month,
      ),
    LateFeeCharged: (db, e) =>
      db.run(
        `UPDATE bills SET fee_fen = fee_fen + ? ${keyed}`,
        e.lines.reduce((sum, one) => sum + one.lateFeeFen, 0n),
        e.employerId,
        e.month,
      ),
    PaymentAllocated: (db, e) =>
      db.run(
        `UPDATE bills SET paid_fen = paid_fen + ?, fee_paid_fen = fee_paid_fen + ? ${keyed}`,
        e.lines.reduce((sum, one) => sum + one.principalFen, 0n),
        e.lines.reduce((sum, one) => sum + one.lateFeeFen, 0n),
        e.employerId,
        e.month,
      ),
    ArrearsBegan: (db, e) => db.run(`UPDATE bills SET overdue = 1 ${keyed}`, e.employerId, e.month),
    DeclarationCorrected(db, e) {
      const row = db.get<{ dues: string }>(`SELECT dues FROM bills ${keyed}`, e.employerId, e.month)
      putDues(db, e, sumDues([...duesIn(row?.dues ?? '[]'), ...e.differences]))
      db.run(
        `UPDATE bills SET paid_fen = paid_fen - ? ${keyed}`,
        e.released.reduce((sum, one) => sum + one.principalFen, 0n),
        e.employerId,
        e.month,
      )
    },
  },
})
