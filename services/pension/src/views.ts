import { addMonths } from '@jinbao/core'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import { Segment } from '@jinbao/proto/pension/v1/events.ts'
import { type Db, view } from '@jinbao/service'
import { accountEvents } from './domain/account.ts'
import { claimEvents } from './domain/claim.ts'
import { heldEvents } from './domain/held.ts'

/** Birth month, sex and death of the persons on the register, and which ids are aliases. */
export const people = view(
  {
    PersonRegistered: identity.PersonRegistered,
    DeathRegistered: identity.DeathRegistered,
    DeathRevoked: identity.DeathRevoked,
    PersonsMerged: identity.PersonsMerged,
  },
  {
    name: 'people',
    source: 'identity',
    tables: `CREATE TABLE people (person_id TEXT PRIMARY KEY, birth_month TEXT NOT NULL, sex TEXT NOT NULL, died_on TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE aliases (person_id TEXT PRIMARY KEY, survivor_id TEXT NOT NULL) WITHOUT ROWID`,
    apply: {
      PersonRegistered: (db, e) =>
        db.run("INSERT OR IGNORE INTO people VALUES (?, ?, ?, '')", e.personId, e.birthMonth, e.sex),
      DeathRegistered: (db, e) => db.run('UPDATE people SET died_on = ? WHERE person_id = ?', e.diedOn, e.personId),
      DeathRevoked: (db, e) => db.run("UPDATE people SET died_on = '' WHERE person_id = ?", e.personId),
      PersonsMerged: (db, e) => {
        db.run('UPDATE aliases SET survivor_id = ? WHERE survivor_id = ?', e.survivorId, e.absorbedId)
        db.run('INSERT OR REPLACE INTO aliases VALUES (?, ?)', e.absorbedId, e.survivorId)
      },
    },
  },
)

const touch = (db: Db, personId: string) => db.run('INSERT OR IGNORE INTO accounts VALUES (?, 0, 0, 0)', personId)

/** Which accounts there are, and to which year their interest is posted: for the yearly run. */
export const accountsView = view(accountEvents, {
  name: 'accounts',
  tables: `CREATE TABLE accounts (person_id TEXT PRIMARY KEY, posted_year INTEGER NOT NULL, provisional INTEGER NOT NULL, closed INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX accounts_due ON accounts (closed, posted_year)`,
  apply: {
    OpeningRecordImported: (db, e) => touch(db, e.personId),
    ContributionCredited: (db, e) => touch(db, e.personId),
    AccountTakenOver: (db, e) => touch(db, e.personId),
    InterestPosted(db, e) {
      const whole = e.segment === Segment.WHOLE_YEAR || e.segment === Segment.AFTER_RETIREMENT ? e.year : e.year - 1
      db.run(
        'UPDATE accounts SET posted_year = max(posted_year, ?), provisional = ? WHERE person_id = ?',
        whole,
        e.provisional ? 1 : 0,
        e.personId,
      )
    },
    AccountHolderDied: (db, e) => db.run('UPDATE accounts SET closed = 1 WHERE person_id = ?', e.personId),
    AccountHolderLives: (db, e) => db.run('UPDATE accounts SET closed = 0 WHERE person_id = ?', e.personId),
    AccountAliased: (db, e) => db.run('DELETE FROM accounts WHERE person_id = ?', e.personId),
  },
})

const setStatus = (db: Db, claimId: string, status: string) =>
  db.run('UPDATE claims SET status = ? WHERE claim_id = ?', status, claimId)

/** Claims and pensions: for lists, deadlines and the monthly run. */
export const claimsView = view(claimEvents, {
  name: 'claims',
  tables: `CREATE TABLE claims (
    claim_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, status TEXT NOT NULL, retirement_month TEXT NOT NULL, applied_on TEXT NOT NULL,
    due_on TEXT NOT NULL, total_fen INTEGER NOT NULL, provisional INTEGER NOT NULL, next_month TEXT NOT NULL,
    last_month TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX claims_person ON claims (person_id); CREATE INDEX claims_list ON claims (applied_on, claim_id);
    CREATE INDEX claims_status ON claims (status, next_month)`,
  apply: {
    PensionAppliedFor: (db, e) =>
      db.run(
        "INSERT OR REPLACE INTO claims VALUES (?, ?, 'applied', ?, ?, ?, 0, 0, '', '9999-12')",
        e.claimId,
        e.personId,
        e.retirementMonth,
        e.appliedOn,
        e.dueOn,
      ),
    ClaimChecked: (db, e) => setStatus(db, e.claimId, 'checked'),
    ClaimDecided: (db, e) => setStatus(db, e.claimId, 'decided'),
    ClaimReturned: (db, e) => setStatus(db, e.claimId, 'checked'),
    ClaimRejected: (db, e) => setStatus(db, e.claimId, 'rejected'),
    PensionAwarded: (db, e) =>
      db.run(
        "UPDATE claims SET status = 'paying', total_fen = ?, provisional = ?, next_month = ? WHERE claim_id = ?",
        e.totalFen,
        e.provisional ? 1 : 0,
        e.firstMonth,
        e.claimId,
      ),
    PensionPaid: (db, e) =>
      db.run('UPDATE claims SET next_month = ? WHERE claim_id = ?', addMonths(e.month, 1), e.claimId),
    PensionReassessed: (db, e) =>
      db.run(
        'UPDATE claims SET total_fen = ?, provisional = ? WHERE claim_id = ?',
        e.award?.totalFen ?? 0n,
        e.award?.provisional ? 1 : 0,
        e.claimId,
      ),
    PensionSuspended: (db, e) => setStatus(db, e.claimId, 'suspended'),
    PensionResumed: (db, e) => setStatus(db, e.claimId, 'paying'),
    PensionEnded: (db, e) =>
      db.run("UPDATE claims SET status = 'ended', last_month = ? WHERE claim_id = ?", e.lastMonth, e.claimId),
    PensionRestored: (db, e) =>
      db.run("UPDATE claims SET status = 'paying', last_month = '9999-12' WHERE claim_id = ?", e.claimId),
  },
})

/** What could not be credited, for officers and for the books. */
export const heldView = view(heldEvents, {
  name: 'held',
  tables: `CREATE TABLE held (held_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, account_fen INTEGER NOT NULL, open INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX held_open ON held (open, held_id)`,
  apply: {
    ContributionHeld: (db, e) =>
      db.run('INSERT OR IGNORE INTO held VALUES (?, ?, ?, 1)', e.heldId, e.personId, e.accountFen),
    HeldContributionSettled: (db, e) => db.run('UPDATE held SET open = 0 WHERE held_id = ?', e.heldId),
  },
})
