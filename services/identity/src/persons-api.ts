// Commands on persons: personal data is checked and sealed here, then the decider is asked.
import { addDays, isDay, monthOfDay } from '@jinbao/core'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import {
  Contact,
  DeathSource,
  type IdentityServiceService,
  type RegisterPersonResponse,
} from '@jinbao/proto/identity/v1/identity.ts'
import { type ApiHandlers, type Context, order } from '@jinbao/service'
import { isBirthDate } from './domain/number.ts'
import { refuse } from './domain/refusals.ts'
import { type IdentityDocument, kindOf, nameKey, type Records } from './records.ts'
import { acceptName, acceptNumber, acceptRegistration, differences, termsOf } from './registration.ts'
import { answer, changePerson, currentRecord } from './shown.ts'
import { holders, persons } from './streams.ts'

type Handlers = ApiHandlers<typeof IdentityServiceService>
type Part =
  | 'registerPerson'
  | 'changeNumber'
  | 'correctPerson'
  | 'approveCorrection'
  | 'changeContact'
  | 'reportDeath'
  | 'revokeDeath'
  | 'approveDeathRevocation'
  | 'declareMissing'
  | 'endMissing'
  | 'forgetPerson'
  | 'approveForgetting'
  | 'declineProposal'

export function personHandlers(book: Records): Pick<Handlers, Part> {
  /** Who holds the number, when the person there is not forgotten; the same person again is answered, not refused. */
  async function holderOf(context: Context, index: string, document: IdentityDocument) {
    const { holderId } = (await context.load(holders, index)).state
    if (!holderId) return { free: true as const }
    const record = await currentRecord(context, holderId)
    if (record.forgotten) return { free: true as const, from: holderId }
    const known = await book.openIdentity(record)
    const same =
      known &&
      nameKey(known.name) === nameKey(document.name) &&
      known.birthDate === document.birthDate &&
      known.sex === document.sex
    return same ? { free: false as const, personId: record.personId } : refuse('NUMBER_TAKEN', { holder: holderId })
  }

  async function already(context: Context, personId: string, warnings: readonly string[]) {
    const { version } = await context.load(persons, personId)
    const receipt = { id: personId, version: BigInt(version), position: '' }
    return { receipt, personId, warnings: [...warnings], similarIds: [] }
  }

  const contactOf = async (context: Context, personId: string, contact: Contact) => ({
    personId,
    sealed: await book.sealContact(context, personId, contact),
    blindIndexes: book.strongIndexes(contact),
  })

  /** The open record and what is sealed in it. */
  async function openRecord(context: Context, asked: string) {
    const record = await currentRecord(context, asked)
    return { record, document: (await book.openIdentity(record)) ?? refuse('FORGOTTEN') }
  }

  return {
    async registerPerson(request, context): Promise<RegisterPersonResponse> {
      const { document, warnings } = acceptRegistration(request, termsOf(context, book))
      const index = book.numberIndex(document.kind, document.number)
      const holder = await holderOf(context, index, document)
      if (!holder.free) return already(context, holder.personId, warnings)
      const personId = context.newId('person')
      const birthIndex = book.birthIndex(document.name, document.birthDate)
      const data = {
        personId,
        birthMonth: monthOfDay(document.birthDate),
        sex: document.sex,
        sealed: await book.sealIdentity(context, personId, document),
        keyId: personId,
        blindIndexes: [index, birthIndex],
      }
      const contact = request.contact && (await contactOf(context, personId, request.contact))
      const { from } = holder
      const done = await context.handleAll([
        order(persons, personId, { type: 'Register', data, ...(contact ? { contact } : {}) }),
        order(holders, index, { type: 'Take', holderId: personId, ...(from ? { from } : {}) }),
      ])
      const similar = context.db
        .all<{ person_id: string }>('SELECT person_id FROM lookups WHERE blind_index = ? LIMIT 20', birthIndex)
        .map((row) => row.person_id)
      return {
        receipt: done[0]!.receipt,
        personId,
        warnings: [...warnings],
        similarIds: similar.filter((id) => id !== personId),
      }
    },

    async changeNumber(request, context) {
      const kind = kindOf(request.documentKind)
      const accepted = acceptNumber(request.number, kind, termsOf(context, book))
      const { record, document } = await openRecord(context, request.personId)
      const { personId, revision } = record
      const warnings = [...accepted.warnings, ...differences(accepted, document.birthDate, document.sex)]
      if (document.number === accepted.number && document.kind === kind)
        return answer({ receipt: { id: personId, version: 0n, position: '' }, state: record }, warnings)
      if (!isDay(request.on)) refuse('BAD_DAY', { field: 'on', value: request.on })
      const aliases = [...document.aliases, { number: document.number, until: addDays(request.on, -1) }]
      const index = book.numberIndex(kind, accepted.number)
      const changed = { ...document, kind, number: accepted.number, aliases }
      const data = {
        personId,
        sealed: await book.sealIdentity(context, personId, changed),
        blindIndexes: [index],
        on: request.on,
        proofId: request.proofId,
      }
      const [done] = await context.handleAll([
        order(persons, personId, { type: 'ChangeNumber', data, basedOn: revision }),
        order(holders, index, { type: 'Take', holderId: personId }),
      ])
      return answer({ receipt: done!.receipt, state: (await context.load(persons, personId)).state }, warnings)
    },

    async correctPerson(request, context) {
      const { record, document } = await openRecord(context, request.personId)
      const corrected = {
        ...document,
        name: request.name ? acceptName(request.name) : document.name,
        birthDate: request.birthDate || document.birthDate,
        sex: request.sex === Sex.SEX_UNSPECIFIED ? document.sex : request.sex,
      }
      if (!isBirthDate(corrected.birthDate, termsOf(context, book)))
        refuse('BAD_DAY', { field: 'birth_date', value: 'out of range' })
      const { personId, revision: basedOn } = record
      const { name, birthDate, sex } = corrected
      if (name === document.name && birthDate === document.birthDate && sex === document.sex)
        return answer({ receipt: { id: personId, version: 0n, position: '' }, state: record })
      const data = {
        personId,
        birthMonth: monthOfDay(birthDate),
        sex,
        sealed: await book.sealIdentity(context, personId, corrected),
        blindIndexes: [book.birthIndex(name, birthDate)],
        proofId: request.proofId,
      }
      // The sex moves benefit dates as much as the birth date does.
      const movesDates = birthDate !== document.birthDate || sex !== document.sex
      return changePerson(context, personId, { type: 'Correct', data, movesDates, basedOn })
    },
    approveCorrection: ({ personId }, context) => current(context, personId, { type: 'ApproveCorrection' }),

    async changeContact(request, context) {
      const { personId } = await currentRecord(context, request.personId)
      const data = await contactOf(context, personId, request.contact ?? Contact.create())
      return changePerson(context, personId, { type: 'ChangeContact', data })
    },

    async reportDeath(request, context) {
      const { personId } = await currentRecord(context, request.personId)
      const { diedOn, confidence, documentId, source } = request
      const sourceSystem = source === DeathSource.DEATH_SOURCE_UNSPECIFIED ? '' : source
      const data = { personId, diedOn, sourceSystem, confidence, documentId }
      return changePerson(context, personId, { type: 'ReportDeath', data })
    },
    revokeDeath: ({ personId, proofId }, context) => current(context, personId, { type: 'RevokeDeath', proofId }),
    approveDeathRevocation: ({ personId }, context) => current(context, personId, { type: 'ApproveDeathRevocation' }),
    declareMissing: (data, context) => current(context, data.personId, { type: 'DeclareMissing', data }),
    endMissing: (data, context) => current(context, data.personId, { type: 'EndMissing', data }),
    forgetPerson: ({ personId, reason }, context) => current(context, personId, { type: 'Forget', reason }),

    async approveForgetting(request, context) {
      const { personId, absorbed } = await currentRecord(context, request.personId)
      const done = await changePerson(context, personId, { type: 'ApproveForgetting' })
      // First the fact, then the deed: a key that outlives a crash in between is destroyed by the next look at it.
      if (!context.call.validateOnly) for (const id of [personId, ...absorbed]) await book.destroyKey(id)
      return done
    },
    declineProposal: ({ personId, reason }, context) => current(context, personId, { type: 'Decline', reason }),
  }
}

/** A command on the record that stands for the id today. */
async function current(context: Context, asked: string, command: Parameters<typeof changePerson>[2]) {
  const { personId } = await currentRecord(context, asked)
  const aimed = 'data' in command ? { ...command, data: { ...command.data, personId } } : command
  return changePerson(context, personId, aimed as typeof command)
}
