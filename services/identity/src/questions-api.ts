// Questions about persons. Every answer with personal data is recorded before it is given.
import { type IdentityServiceService, ListReadsResponse, type Read } from '@jinbao/proto/identity/v1/identity.ts'
import { type ApiHandlers, type Context, pageSize } from '@jinbao/service'
import { refuse } from './domain/refusals.ts'
import { kindOf, nameKey, type Records } from './records.ts'
import { currentRecord, partsShown, recordOf, recordReads, show, statusOf } from './shown.ts'
import { holders, reads } from './streams.ts'

type Handlers = ApiHandlers<typeof IdentityServiceService>
type Part =
  | 'getPerson'
  | 'getPersonByNumber'
  | 'listPersonsByNameAndBirth'
  | 'getPersonId'
  | 'getPersonFacts'
  | 'listReads'
  | 'listSuspectedDuplicates'

/** A name and a birth date narrow it down; more than this is a fishing trip. */
const MOST_FOUND = 20

export function personQuestions(book: Records): Pick<Handlers, Part> {
  async function byNumber(context: Context, kind: Parameters<Records['numberIndex']>[0], number: string) {
    const { holderId } = (await context.load(holders, book.numberIndex(kindOf(kind), number))).state
    const record = holderId ? await currentRecord(context, holderId) : undefined
    return record && !record.forgotten ? record : refuse('PERSON_UNKNOWN')
  }

  return {
    async getPerson({ personId, full }, context) {
      const record = await currentRecord(context, personId)
      await recordReads(context, [{ personId: record.personId, asked: personId }], partsShown(full))
      return show(book, record, full)
    },
    async getPersonByNumber({ number, documentKind, full }, context) {
      const record = await byNumber(context, documentKind, number)
      await recordReads(context, [record], partsShown(full))
      return show(book, record, full)
    },
    async listPersonsByNameAndBirth({ name, birthDate }, context) {
      const rows = context.db.all<{ person_id: string }>(
        'SELECT person_id FROM lookups WHERE blind_index = ? ORDER BY person_id LIMIT ?',
        book.birthIndex(name, birthDate),
        MOST_FOUND,
      )
      const found = await Promise.all(rows.map((row) => currentRecord(context, row.person_id)))
      const records = [...new Map(found.map((record) => [record.personId, record])).values()]
      await recordReads(context, records, partsShown(false))
      return { persons: await Promise.all(records.map((record) => show(book, record, false))) }
    },
    async getPersonId({ number, documentKind, name }, context) {
      const record = await byNumber(context, documentKind, number)
      const document = await book.openIdentity(record)
      // A wrong name is answered like a wrong number: nobody learns which numbers exist.
      if (!document || nameKey(document.name) !== nameKey(name)) return refuse('PERSON_UNKNOWN')
      await recordReads(context, [record], ['id'])
      return { personId: record.personId }
    },
    async getPersonFacts({ personId }, context) {
      const record = await recordOf(context, personId)
      if (!context.call.principal.roles.includes('service')) await recordReads(context, [{ personId }], ['facts'])
      const { birthMonth, sex, diedOn, mergedInto, status } = record
      return { personId, alive: status !== 'dead', diedOn, birthMonth, sex, mergedInto, status: statusOf(record) }
    },
    async listReads(request, context) {
      const { personId, absorbed } = await currentRecord(context, request.personId)
      if (context.call.principal.person === undefined) await recordReads(context, [{ personId }], ['reads'])
      const histories = await Promise.all([personId, ...absorbed].map((id) => context.history(reads, id)))
      const all = histories
        .flat()
        .sort((a, b) => Number(b.position - a.position))
        .map(({ recordedAt: at, event: { data } }): Read => {
          const { reader, role, purpose, what } = data
          return { at, reader, role, purpose, what }
        })
      const size = pageSize(request.pageSize)
      const from = Number(request.pageToken || 0)
      const next = from + size < all.length ? String(from + size) : ''
      return ListReadsResponse.create({ reads: all.slice(from, from + size), nextPageToken: next })
    },
    async listSuspectedDuplicates(request, { db }) {
      const size = pageSize(request.pageSize)
      const rows = db.all<{ person_id: string; other_id: string; evidence: string }>(
        "SELECT * FROM suspected WHERE person_id || ' ' || other_id > ? ORDER BY person_id, other_id LIMIT ?",
        request.pageToken,
        size + 1,
      )
      const page = rows.slice(0, size)
      const last = page.at(-1)
      return {
        pairs: page.map(({ person_id: personId, other_id: otherId, evidence }) => ({ personId, otherId, evidence })),
        nextPageToken: rows.length > size && last ? `${last.person_id} ${last.other_id}` : '',
      }
    },
  }
}
