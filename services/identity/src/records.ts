// Sealing and opening of personal data, and blind indexes over it. The only place where a name meets a key.
import { randomBytes } from 'node:crypto'
import type { Sex } from '@jinbao/proto/common/v1/common.ts'
import { Contact, DocumentKind } from '@jinbao/proto/identity/v1/identity.ts'
import type { Context } from '@jinbao/service'
import { hasCheckDigit, lift, normalise } from './domain/number.ts'
import type { KnownPerson } from './domain/person-state.ts'
import { refuse } from './domain/refusals.ts'
import { blindIndex } from './regionKeys.ts'
import { type KeyVault, open, seal } from './vault.ts'

export interface IdentityOptions {
  readonly vault: KeyVault
  /** Key of the blind indexes, 32 bytes. */
  readonly indexKey: Buffer
  /** Numbers with county pair 99: tests, demos and seeds only. */
  readonly allowSyntheticIds?: boolean
}

/** What is sealed about who a person is. */
export interface IdentityDocument {
  readonly kind: DocumentKind
  readonly number: string
  readonly name: string
  readonly birthDate: string
  readonly sex: Sex
  readonly aliases: readonly { readonly number: string; readonly until: string }[]
}

/** The name as it is compared: half width, one space, one kind of middle dot. */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKC')
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[·•・‧∙.]/g, '·')
    .toUpperCase()

/** The number as it is compared: an old 15-digit one is the same number (ID-07). */
export const numberKey = (kind: DocumentKind, number: string): string => {
  const plain = normalise(number)
  return hasCheckDigit(kind) ? (lift(plain) ?? plain) : plain
}

export const kindOf = (kind: DocumentKind): DocumentKind =>
  kind === DocumentKind.DOCUMENT_KIND_UNSPECIFIED ? DocumentKind.RESIDENT_ID : kind

export function records({ vault, indexKey, allowSyntheticIds = false }: IdentityOptions) {
  async function keyFor(context: Context, personId: string): Promise<Buffer> {
    // A try-out leaves nothing behind, keys included.
    const key = context.call.validateOnly
      ? ((await vault.get(personId)) ?? randomBytes(32))
      : await vault.create(personId)
    return key ?? refuse('FORGOTTEN')
  }
  const sealed = async (context: Context, personId: string, section: string, json: unknown) =>
    seal(await keyFor(context, personId), Buffer.from(JSON.stringify(json)), `${personId}/${section}`)

  /** Nothing when the person was forgotten. A key that outlived the order to destroy it is destroyed now. */
  async function opened(state: KnownPerson, section: string, bytes: string): Promise<unknown> {
    if (state.forgotten) {
      await vault.destroy(state.personId)
      return undefined
    }
    const key = await vault.get(state.personId)
    if (!key) return undefined
    return JSON.parse(open(key, Buffer.from(bytes, 'base64'), `${state.personId}/${section}`).toString())
  }

  return {
    allowSyntheticIds,
    sealIdentity: (context: Context, personId: string, document: IdentityDocument) =>
      sealed(context, personId, 'identity', document),
    sealContact: (context: Context, personId: string, contact: Contact) =>
      sealed(context, personId, 'contact', Contact.toJSON(contact)),
    openIdentity: async (state: KnownPerson) =>
      (await opened(state, 'identity', state.sealed)) as IdentityDocument | undefined,
    openContact: async (state: KnownPerson) => {
      const json = state.contact === undefined ? undefined : await opened(state, 'contact', state.contact)
      return json === undefined ? undefined : Contact.fromJSON(json)
    },
    destroyKey: (personId: string) => vault.destroy(personId),
    numberIndex: (kind: DocumentKind, number: string) =>
      // A resident number and a permit's share one form and one register; the others are apart by kind.
      blindIndex(indexKey, 'number', hasCheckDigit(kind) ? 'GB11643' : kind, numberKey(kind, number)),
    birthIndex: (name: string, birthDate: string) => blindIndex(indexKey, 'birth', nameKey(name), birthDate),
    strongIndexes: ({ phone, bankAccount, policeFileNumber }: Contact) =>
      Object.entries({ phone, bankAccount, policeFileNumber })
        .filter(([, value]) => value.trim() !== '')
        .map(([name, value]) => blindIndex(indexKey, 'strong', name, normalise(value).replaceAll(/[\s-]/g, ''))),
  }
}
export type Records = ReturnType<typeof records>
