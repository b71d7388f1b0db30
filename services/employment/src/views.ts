import * as collection from '@jinbao/proto/collection/v1/events.ts'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import { view } from '@jinbao/service'
import { workerEvents } from './domain/worker.ts'

const put = 'INSERT OR REPLACE INTO relations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

/** Who works for whom: for an employer's staff list. */
export const relations = view(workerEvents, {
  name: 'relations',
  tables: `CREATE TABLE relations (
    relation_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, employer_id TEXT NOT NULL, day_from TEXT NOT NULL, day_to TEXT NOT NULL,
    kind TEXT NOT NULL, main INTEGER NOT NULL, wage_fen INTEGER NOT NULL, status TEXT NOT NULL, end_reason TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX relations_employer ON relations (employer_id, person_id)`,
  apply: {
    HireFiled: (db, e) =>
      db.run(put, e.relationId, e.personId, e.employerId, e.from, '', e.kind, e.main ? 1 : 0, e.wageFen, 'active', ''),
    TermsChanged: (db, e) =>
      db.run('UPDATE relations SET kind = ?, wage_fen = ? WHERE relation_id = ?', e.kind, e.wageFen, e.relationId),
    RelationSuspended: (db, e) =>
      db.run("UPDATE relations SET status = 'suspended' WHERE relation_id = ?", e.relationId),
    RelationResumed: (db, e) => db.run("UPDATE relations SET status = 'active' WHERE relation_id = ?", e.relationId),
    RelationEnded: (db, e) =>
      db.run(
        "UPDATE relations SET status = 'ended', day_to = ?, end_reason = ? WHERE relation_id = ?",
        e.on,
        e.reason,
        e.relationId,
      ),
    RelationRestored: (db, e) =>
      db.run(
        "UPDATE relations SET status = 'active', day_to = '', end_reason = '' WHERE relation_id = ?",
        e.relationId,
      ),
    RelationVoided: (db, e) => db.run("UPDATE relations SET status = 'void' WHERE relation_id = ?", e.relationId),
  },
})

/** Employers on the register: a hire needs one. */
export const employers = view(
  { EmployerRegistered: identity.EmployerRegistered },
  {
    name: 'employers',
    source: 'identity',
    tables: 'CREATE TABLE employers (employer_id TEXT PRIMARY KEY) WITHOUT ROWID',
    apply: { EmployerRegistered: (db, e) => db.run('INSERT OR IGNORE INTO employers VALUES (?)', e.employerId) },
  },
)

/** Which person has paid months with which employer: such a relation cannot be voided. */
export const paid = view(
  { ContributionsReceived: collection.ContributionsReceived },
  {
    name: 'paid',
    source: 'collection',
    tables: 'CREATE TABLE paid (employer_id TEXT, person_id TEXT, PRIMARY KEY (employer_id, person_id)) WITHOUT ROWID',
    apply: {
      ContributionsReceived(db, e) {
        for (const { personId } of e.persons) db.run('INSERT OR IGNORE INTO paid VALUES (?, ?)', e.employerId, personId)
      },
    },
  },
)
