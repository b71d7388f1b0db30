import * as employment from '@jinbao/proto/employment/v1/events.ts'
import { type Db, view } from '@jinbao/service'
import { cardEvents } from './domain/card-state.ts'
import { householdEvents } from './domain/household.ts'
import { personEvents } from './domain/person-state.ts'

const put = (db: Db, personId: string, indexes: readonly string[]) => {
  for (const index of indexes) db.run('INSERT OR IGNORE INTO lookups VALUES (?, ?)', index, personId)
}
const drop = (db: Db, personId: string, kind: string) =>
  db.run('DELETE FROM lookups WHERE person_id = ? AND blind_index GLOB ?', personId, `${kind}*`)

/** Same name and birth date, and one strong key more (other-lines §1.6). */
const sameElsewhere = `SELECT DISTINCT b2.person_id AS other FROM lookups b1
  JOIN lookups b2 ON b2.blind_index = b1.blind_index AND b2.person_id <> b1.person_id
  JOIN lookups s1 ON s1.person_id = b1.person_id AND s1.blind_index GLOB 'strong:*'
  JOIN lookups s2 ON s2.blind_index = s1.blind_index AND s2.person_id = b2.person_id
  WHERE b1.person_id = ? AND b1.blind_index GLOB 'birth:*'`

function compare(db: Db, personId: string): void {
  for (const { other } of db.all<{ other: string }>(sameElsewhere, personId))
    if (!db.get('SELECT 1 FROM suspected WHERE person_id = ? AND other_id = ?', other, personId))
      db.run("INSERT OR IGNORE INTO suspected VALUES (?, ?, 'NAME_BIRTH_AND_STRONG_KEY', 0)", personId, other)
}

/** Blind indexes to person ids, and pairs that look like one person. No name, no number. */
export const lookups = view(personEvents, {
  name: 'lookups',
  tables: `CREATE TABLE lookups (blind_index TEXT NOT NULL, person_id TEXT NOT NULL,
      PRIMARY KEY (blind_index, person_id)) WITHOUT ROWID;
    CREATE INDEX lookups_person ON lookups (person_id);
    CREATE TABLE suspected (person_id TEXT NOT NULL, other_id TEXT NOT NULL, evidence TEXT NOT NULL, flagged INTEGER NOT NULL,
      PRIMARY KEY (person_id, other_id)) WITHOUT ROWID`,
  apply: {
    PersonRegistered: (db, e) => put(db, e.personId, e.blindIndexes),
    IdentityNumberChanged: (db, e) => put(db, e.personId, e.blindIndexes),
    PersonDataCorrected(db, e) {
      drop(db, e.personId, 'birth:')
      put(db, e.personId, e.blindIndexes)
      compare(db, e.personId)
    },
    ContactChanged(db, e) {
      drop(db, e.personId, 'strong:')
      put(db, e.personId, e.blindIndexes)
      compare(db, e.personId)
    },
    DuplicateSuspected: (db, e) =>
      db.run('UPDATE suspected SET flagged = 1 WHERE person_id = ? AND other_id = ?', e.personId, e.otherId),
    PersonsMerged: (db, e) =>
      db.run(
        'DELETE FROM suspected WHERE person_id IN (?, ?) AND other_id IN (?, ?)',
        e.survivorId,
        e.absorbedId,
        e.survivorId,
        e.absorbedId,
      ),
    PersonForgotten(db, e) {
      drop(db, e.personId, '')
      db.run('DELETE FROM suspected WHERE person_id = ? OR other_id = ?', e.personId, e.personId)
    },
  },
})

/** Cards reported lost for a time: what lapses when. */
export const lostCards = view(cardEvents, {
  name: 'lost-cards',
  tables:
    'CREATE TABLE lost_cards (card_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, until TEXT NOT NULL) WITHOUT ROWID',
  apply: {
    CardTemporarilyLost: (db, e) =>
      db.run('INSERT OR REPLACE INTO lost_cards VALUES (?, ?, ?)', e.cardId, e.personId, e.until),
    CardLost: (db, e) => db.run('DELETE FROM lost_cards WHERE card_id = ?', e.cardId),
    CardLossWithdrawn: (db, e) => db.run('DELETE FROM lost_cards WHERE card_id = ?', e.cardId),
    CardLossLapsed: (db, e) => db.run('DELETE FROM lost_cards WHERE card_id = ?', e.cardId),
    CardCancelled: (db, e) => db.run('DELETE FROM lost_cards WHERE card_id = ?', e.cardId),
  },
})

/** Which households a person belongs or belonged to. */
export const memberships = view(householdEvents, {
  name: 'memberships',
  tables: `CREATE TABLE memberships (person_id TEXT NOT NULL, household_id TEXT NOT NULL,
    PRIMARY KEY (person_id, household_id)) WITHOUT ROWID`,
  apply: {
    MemberAdded: (db, e) => db.run('INSERT OR IGNORE INTO memberships VALUES (?, ?)', e.personId, e.householdId),
  },
})

const { HireFiled, RelationEnded, RelationVoided, RelationRestored } = employment

/** Open labour relations of each employer: one that employs somebody neither rests nor is struck off. */
export const staff = view(
  { HireFiled, RelationEnded, RelationVoided, RelationRestored },
  {
    name: 'staff',
    source: 'employment',
    tables: `CREATE TABLE staff (relation_id TEXT PRIMARY KEY, employer_id TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX staff_employer ON staff (employer_id)`,
    apply: {
      HireFiled: (db, e) => db.run('INSERT OR IGNORE INTO staff VALUES (?, ?)', e.relationId, e.employerId),
      RelationRestored: (db, e) => db.run('INSERT OR IGNORE INTO staff VALUES (?, ?)', e.relationId, e.employerId),
      RelationEnded: (db, e) => db.run('DELETE FROM staff WHERE relation_id = ?', e.relationId),
      RelationVoided: (db, e) => db.run('DELETE FROM staff WHERE relation_id = ?', e.relationId),
    },
  },
)
