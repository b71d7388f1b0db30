import { addDays } from '@jinbao/core'
import {
  EmploymentServiceService,
  type Relation,
  type RelationResponse,
  RelationStatus,
} from '@jinbao/proto/employment/v1/employment.ts'
import type { RelationKind } from '@jinbao/proto/employment/v1/events.ts'
import { allow, api, type Context, ownEmployer, pageSize, self } from '@jinbao/service'
import { endReasons, isEndReason } from './domain/reasons.ts'
import type { RelationState, WorkerCommand, WorkerState } from './domain/worker.ts'
import { workers } from './streams.ts'

/** SIL art. 58 and ESR art. 62: within 30 days of the first day of work. */
const ENROLMENT_DAYS = 30

const statusWord = {
  active: RelationStatus.ACTIVE,
  suspended: RelationStatus.SUSPENDED,
  ended: RelationStatus.ENDED,
  void: RelationStatus.VOID,
} as const

const relationOf = (personId: string, one: RelationState): Relation => ({
  ...one,
  personId,
  status: statusWord[one.status],
  involuntary: isEndReason(one.endReason) && endReasons[one.endReason].involuntary,
})

const relationsOf = (state: WorkerState): Relation[] =>
  state.status === 'unknown' ? [] : state.relations.map((one) => relationOf(state.personId, one))

async function change(
  context: Context,
  personId: string,
  relationId: string,
  command: WorkerCommand,
): Promise<RelationResponse> {
  const { receipt, state } = await context.handle(workers, personId, command)
  return { receipt, relation: relationsOf(state).find((one) => one.relationId === relationId) }
}

const known =
  (sql: string) =>
  (context: Context, ...values: string[]) =>
    context.db.get(sql, ...values) !== undefined
const employerKnown = known('SELECT 1 FROM employers WHERE employer_id = ?')
const hasPaidMonths = known('SELECT 1 FROM paid JOIN relations USING (employer_id, person_id) WHERE relation_id = ?')

const employerOfRelation = (request: { relationId: string }, { db }: Context) =>
  db.get<{ employer_id: string }>('SELECT employer_id FROM relations WHERE relation_id = ?', request.relationId)
    ?.employer_id
const filing = [...allow('officer', 'integrator'), ownEmployer(employerOfRelation)]

interface StaffRow {
  relation_id: string
  person_id: string
  employer_id: string
  day_from: string
  day_to: string
  kind: RelationKind
  main: bigint
  wage_fen: bigint
  status: RelationState['status']
  end_reason: string
}

export const employmentApi = api(
  EmploymentServiceService,
  {
    async fileHire(request, context) {
      const relationId = context.newId('relation')
      const command: WorkerCommand = {
        type: 'FileHire',
        data: { ...request, relationId },
        employerKnown: employerKnown(context, request.employerId),
      }
      const { receipt } = await context.handle(workers, request.personId, command)
      return { receipt: { ...receipt, id: relationId }, relationId, enrolBy: addDays(request.from, ENROLMENT_DAYS) }
    },
    fileTermination: (data, context) =>
      change(context, data.personId, data.relationId, { type: 'FileTermination', data }),
    changeTerms: (data, context) => change(context, data.personId, data.relationId, { type: 'ChangeTerms', data }),
    suspendRelation: (data, context) =>
      change(context, data.personId, data.relationId, { type: 'SuspendRelation', data }),
    resumeRelation: (data, context) =>
      change(context, data.personId, data.relationId, { type: 'ResumeRelation', data }),
    voidRelation: (data, context) =>
      change(context, data.personId, data.relationId, {
        type: 'VoidRelation',
        data,
        monthsAttached: hasPaidMonths(context, data.relationId),
      }),
    recordProtection: (data, context) => change(context, data.personId, '', { type: 'RecordProtection', data }),
    async listRelations({ personId }, context) {
      const { state } = await context.load(workers, personId)
      return { relations: relationsOf(state) }
    },
    async listStaff(request, { db, world }) {
      const day = request.day || world.today
      const size = pageSize(request.pageSize)
      const rows = db.all<StaffRow>(
        `SELECT * FROM relations WHERE employer_id = ? AND relation_id > ? AND day_from <= ? AND (day_to = '' OR day_to >= ?)
         AND status <> 'void' ORDER BY relation_id LIMIT ?`,
        request.employerId,
        request.pageToken,
        day,
        day,
        size + 1,
      )
      const page = rows.slice(0, size)
      return {
        relations: page.map((row) =>
          relationOf(row.person_id, {
            relationId: row.relation_id,
            employerId: row.employer_id,
            from: row.day_from,
            to: row.day_to,
            kind: row.kind,
            main: row.main === 1n,
            wageFen: row.wage_fen,
            status: row.status,
            endReason: row.end_reason,
          }),
        ),
        nextPageToken: rows.length > size ? (page.at(-1)?.relation_id ?? '') : '',
      }
    },
  },
  {
    fileHire: [...allow('officer', 'integrator'), ownEmployer((request) => request.employerId)],
    fileTermination: filing,
    changeTerms: filing,
    suspendRelation: filing,
    resumeRelation: filing,
    voidRelation: filing,
    recordProtection: allow('officer', 'service'),
    listRelations: [...allow('officer', 'reviewer', 'service'), self((request) => request.personId)],
    listStaff: [...allow('officer', 'supervisor', 'service'), ownEmployer((request) => request.employerId)],
  },
)
