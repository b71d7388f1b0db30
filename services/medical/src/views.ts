import { addMonths } from '@jinbao/core'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import { ClaimStatus } from '@jinbao/proto/medical/v1/events.ts'
import { type Db, view } from '@jinbao/service'
import { accountEvents } from './domain/account.ts'
import { clearingEvents } from './domain/clearing.ts'
import { institutionEvents } from './domain/institution.ts'
import { encounterOf, yearEvents } from './domain/year.ts'

const { PersonRegistered, PersonDataCorrected, PersonsMerged } = identity

/** What the law needs to know of a person. */
export const people = view(
  { PersonRegistered, PersonDataCorrected, PersonsMerged },
  {
    name: 'people',
    source: 'identity',
    tables: `CREATE TABLE people (person_id TEXT PRIMARY KEY, birth_month TEXT NOT NULL, sex TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE aliases (person_id TEXT PRIMARY KEY, survivor_id TEXT NOT NULL) WITHOUT ROWID`,
    apply: {
      PersonRegistered: (db, e) =>
        db.run('INSERT OR REPLACE INTO people VALUES (?, ?, ?)', e.personId, e.birthMonth, e.sex),
      PersonDataCorrected: (db, e) =>
        db.run('INSERT OR REPLACE INTO people VALUES (?, ?, ?)', e.personId, e.birthMonth, e.sex),
      PersonsMerged: (db, e) => {
        db.run('UPDATE aliases SET survivor_id = ? WHERE survivor_id = ?', e.survivorId, e.absorbedId)
        db.run('INSERT OR REPLACE INTO aliases VALUES (?, ?)', e.absorbedId, e.survivorId)
      },
    },
  },
)

const status = (db: Db, claimId: string, to: ClaimStatus) =>
  db.run('UPDATE claims SET status = ? WHERE claim_id = ?', to, claimId)

/** Claims to be found by person, institution and deadline. */
export const claimsView = view(yearEvents, {
  name: 'claims',
  tables: `CREATE TABLE claims (
    claim_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, year INTEGER NOT NULL, institution_id TEXT NOT NULL,
    bill_number TEXT NOT NULL, status TEXT NOT NULL, day_from TEXT NOT NULL, day_to TEXT NOT NULL,
    total_fen INTEGER NOT NULL, fund_fen INTEGER NOT NULL, due_on TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX claims_person ON claims (person_id, day_to, claim_id);
    CREATE INDEX claims_institution ON claims (institution_id, day_to, claim_id);
    CREATE INDEX claims_due ON claims (due_on) WHERE due_on <> ''`,
  apply: {
    ClaimReceived(db, { encounter, items, dueOn }) {
      const { claimId, personId, institutionId, billNumber, from, to } = encounter!
      const total = items.reduce((sum, { amountFen }) => sum + amountFen, 0n)
      const put = 'INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)'
      const year = Number(to.slice(0, 4))
      db.run(put, claimId, personId, year, institutionId, billNumber, ClaimStatus.RECEIVED, from, to, total, dueOn)
    },
    EligibilityFailed: (db, e) => status(db, e.claimId, ClaimStatus.REFUSED),
    ClaimAdjudicated: (db, e) =>
      db.run(
        'UPDATE claims SET status = ?, fund_fen = ? WHERE claim_id = ?',
        ClaimStatus.PRICED,
        e.settlement?.fundFen ?? 0n,
        e.claimId,
      ),
    PatientConfirmed: (db, e) => status(db, e.claimId, ClaimStatus.SETTLED),
    ClaimReplayed: (db, e) =>
      db.run('UPDATE claims SET fund_fen = ? WHERE claim_id = ?', e.settlement?.fundFen ?? 0n, e.claimId),
    AuditCut: (db, e) => status(db, e.claimId, ClaimStatus.ADJUSTED),
    ClaimReversed: (db, e) => status(db, e.claimId, ClaimStatus.REVERSED),
    ClaimCleared: (db, e) => status(db, e.claimId, ClaimStatus.CLEARED),
    ClaimPaid: (db, e) => status(db, e.claimId, ClaimStatus.PAID),
    YearTakenOver(db, e) {
      for (const one of e.claims)
        db.run('UPDATE claims SET person_id = ? WHERE claim_id = ?', e.personId, encounterOf(one).claimId)
    },
  },
})

const entry = 'INSERT OR IGNORE INTO clearing_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
type Posted = { claimId: string; personId: string; institutionId: string; on: string }
const post = (db: Db, id: string, key: string, { claimId, personId, institutionId, on }: Posted, fen: bigint) => {
  if (fen !== 0n) db.run(entry, id, claimId, personId, Number(key.slice(-4)), institutionId, on, fen, '')
}

/** What the funds owe institutions, entry by entry, until a clearing takes it in. */
export const clearingEntries = view(
  { ...yearEvents, ...clearingEvents },
  {
    name: 'clearing_entries',
    tables: `CREATE TABLE clearing_entries (
      entry_id TEXT PRIMARY KEY, claim_id TEXT NOT NULL, person_id TEXT NOT NULL, year INTEGER NOT NULL,
      institution_id TEXT NOT NULL, day TEXT NOT NULL, fund_fen INTEGER NOT NULL, clearing_id TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX clearing_open ON clearing_entries (institution_id, day) WHERE clearing_id = '';
      CREATE INDEX clearing_person ON clearing_entries (person_id)`,
    apply: {
      PatientConfirmed: (db, e, { id, key }) => post(db, id, key, e, e.fundFen),
      ClaimReplayed: (db, e, { id, key }) => post(db, id, key, e, e.fundDifferenceFen),
      AuditCut: (db, e, { id, key }) => post(db, id, key, e, -e.cutFen),
      ClaimReversed: (db, e, { id, key }) => post(db, id, key, e, -e.fundFen),
      YearTakenOver: (db, e) =>
        db.run(
          'UPDATE clearing_entries SET person_id = ? WHERE person_id = ? AND year = ?',
          e.personId,
          e.absorbedId,
          e.year,
        ),
      ClearingClosed(db, e) {
        for (const { entryId } of e.lines)
          db.run('UPDATE clearing_entries SET clearing_id = ? WHERE entry_id = ?', e.clearingId, entryId)
      },
    },
  },
)

/** Interest is due for the year in which money first came, and later. */
const put = (db: Db, personId: string, day: string) =>
  db.run(
    'INSERT OR IGNORE INTO accounts (person_id, interest_until) VALUES (?, ?)',
    personId,
    Number(day.slice(0, 4)) - 1,
  )

/** Whose account has monthly or yearly work. */
export const accountsView = view(accountEvents, {
  name: 'accounts',
  tables: `CREATE TABLE accounts (
    person_id TEXT PRIMARY KEY, lifetime_from TEXT NOT NULL DEFAULT '', credited TEXT NOT NULL DEFAULT '',
    interest_until INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE TABLE registrations (
      registration_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, day_to TEXT NOT NULL, open INTEGER NOT NULL) WITHOUT ROWID`,
  apply: {
    MonthCredited: (db, e) => put(db, e.personId, e.receivedOn),
    AccountTakenOver: (db, e) => put(db, e.personId, e.on),
    RetirementRecorded(db, e) {
      put(db, e.personId, `${e.month}-01`)
      if (e.lifetime)
        db.run('UPDATE accounts SET lifetime_from = ? WHERE person_id = ?', addMonths(e.month, 1), e.personId)
    },
    LifetimeCoverGranted: (db, e) =>
      db.run('UPDATE accounts SET lifetime_from = ? WHERE person_id = ?', e.month, e.personId),
    RetireeCredited: (db, e) => db.run('UPDATE accounts SET credited = ? WHERE person_id = ?', e.month, e.personId),
    InterestPosted: (db, e) => db.run('UPDATE accounts SET interest_until = ? WHERE person_id = ?', e.year, e.personId),
    AccountInherited: (db, e) => db.run('UPDATE accounts SET closed = 1 WHERE person_id = ?', e.personId),
    AccountAliased: (db, e) => db.run('UPDATE accounts SET closed = 1 WHERE person_id = ?', e.personId),
    // The month of death is the last one due; a revoked death opens them again.
    HolderDied: (db, e) => db.run("UPDATE accounts SET credited = '9999-12' WHERE person_id = ?", e.personId),
    HolderDeathRevoked: (db, e) => db.run("UPDATE accounts SET credited = '' WHERE person_id = ?", e.personId),
    OffRegionApplied: (db, e) =>
      db.run('INSERT OR REPLACE INTO registrations VALUES (?, ?, ?, 1)', e.registrationId, e.personId, e.to),
    OffRegionChanged: (db, e) =>
      db.run('UPDATE registrations SET day_to = ? WHERE registration_id = ?', e.to, e.registrationId),
    OffRegionCancelled: (db, e) =>
      db.run('UPDATE registrations SET open = 0 WHERE registration_id = ?', e.registrationId),
    OffRegionExpired: (db, e) =>
      db.run('UPDATE registrations SET open = 0 WHERE registration_id = ?', e.registrationId),
  },
})

/** Designated institutions. */
export const institutionsView = view(institutionEvents, {
  name: 'institutions',
  tables: `CREATE TABLE institutions (
    institution_id TEXT PRIMARY KEY, name TEXT NOT NULL, level TEXT NOT NULL, place TEXT NOT NULL,
    day_from TEXT NOT NULL, day_to TEXT NOT NULL) WITHOUT ROWID`,
  apply: {
    InstitutionDesignated: (db, e) =>
      db.run(
        "INSERT OR REPLACE INTO institutions VALUES (?, ?, ?, ?, ?, '')",
        e.institutionId,
        e.name,
        e.level,
        e.place,
        e.from,
      ),
    InstitutionRated: (db, e) =>
      db.run('UPDATE institutions SET level = ? WHERE institution_id = ?', e.level, e.institutionId),
    DesignationEnded: (db, e) =>
      db.run('UPDATE institutions SET day_to = ? WHERE institution_id = ?', e.on, e.institutionId),
  },
})
