// What callers see of a person, and the record of every read.
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import {
  type Contact,
  DocumentKind,
  type GetPersonResponse,
  type PersonResponse,
  PersonStatus,
} from '@jinbao/proto/identity/v1/identity.ts'
import { type Context, type Handled, order } from '@jinbao/service'
import { mask } from './domain/number.ts'
import type { PersonCommand } from './domain/person.ts'
import type { KnownPerson, PersonState } from './domain/person-state.ts'
import { refuse } from './domain/refusals.ts'
import type { Records } from './records.ts'
import { persons, reads } from './streams.ts'

const FORGOTTEN = 'FORGOTTEN'
/** Merges of merges: longer chains do not happen, and a circle must not hang a reader. */
const MOST_REDIRECTS = 20

export const statusOf = (state: KnownPerson): PersonStatus => {
  if (state.forgotten) return PersonStatus.FORGOTTEN
  if (state.mergedInto) return PersonStatus.MERGED
  return { active: PersonStatus.ACTIVE_PERSON, missing: PersonStatus.MISSING, dead: PersonStatus.DECEASED }[
    state.status
  ]
}

export async function recordOf(context: Context, personId: string): Promise<KnownPerson> {
  const { state } = await context.load(persons, personId)
  return state.status === 'unknown' ? refuse('PERSON_UNKNOWN') : state
}

/** The record that stands for an id today: every old id goes on working. */
export async function currentRecord(context: Context, personId: string): Promise<KnownPerson> {
  let state = await recordOf(context, personId)
  for (let hops = 0; state.mergedInto && hops < MOST_REDIRECTS; hops++)
    state = await recordOf(context, state.mergedInto)
  return state
}

export async function changePerson(
  context: Context,
  personId: string,
  command: PersonCommand,
  warnings: readonly string[] = [],
): Promise<PersonResponse> {
  const { receipt, state } = await context.handle(persons, personId, command)
  return answer({ receipt, state }, warnings)
}

export function answer(
  { receipt, state }: Pick<Handled<PersonState, unknown>, 'receipt' | 'state'>,
  warnings: readonly string[] = [],
): PersonResponse {
  const known = state.status === 'unknown' ? undefined : state
  return {
    receipt,
    status: known ? statusOf(known) : PersonStatus.PERSON_STATUS_UNSPECIFIED,
    pending: known?.pending?.kind ?? '',
    warnings: [...warnings],
  }
}

/** Written down before anything is shown. `asked` is the id the caller used, which may be an alias. */
export async function recordReads(
  context: Context,
  read: readonly { readonly personId: string; readonly asked?: string }[],
  what: readonly string[],
): Promise<void> {
  if (context.call.validateOnly) refuse('READ_NOT_RECORDED')
  const { subject: reader, roles, purpose = '', person } = context.call.principal
  const orders = read.map(({ personId, asked }) => {
    const self = person !== undefined && (person === personId || person === asked)
    const data = { personId, reader, role: self ? 'self' : (roles[0] ?? ''), purpose, what: [...what] }
    return order(reads, personId, { type: 'Record', data, self })
  })
  if (orders.length > 0) await context.handleAll(orders)
}

const maskedContact = (contact: Contact, full: boolean): Contact =>
  full
    ? contact
    : {
        ...contact,
        phone: mask(contact.phone),
        bankAccount: mask(contact.bankAccount),
        policeFileNumber: mask(contact.policeFileNumber),
      }

/** The person as the caller may see her; the read must have been recorded. */
export async function show(book: Records, state: KnownPerson, full: boolean): Promise<GetPersonResponse> {
  const { personId, diedOn, absorbed, pending } = state
  const shown = { personId, status: statusOf(state), diedOn, mergedIds: [...absorbed], pending: pending?.kind ?? '' }
  const document = await book.openIdentity(state)
  if (!document)
    return {
      ...shown,
      status: PersonStatus.FORGOTTEN,
      documentKind: DocumentKind.DOCUMENT_KIND_UNSPECIFIED,
      number: FORGOTTEN,
      name: FORGOTTEN,
      birthDate: FORGOTTEN,
      sex: Sex.SEX_UNSPECIFIED,
      aliases: [],
      contact: undefined,
    }
  const contact = await book.openContact(state)
  const number = (one: string) => (full ? one : mask(one))
  return {
    ...shown,
    documentKind: document.kind,
    number: number(document.number),
    name: document.name,
    birthDate: document.birthDate,
    sex: document.sex,
    aliases: document.aliases.map((one) => ({ number: number(one.number), until: one.until })),
    contact: contact && maskedContact(contact, full),
  }
}

export const partsShown = (full: boolean): string[] => ['identity', 'contact', ...(full ? ['full-number'] : [])]
