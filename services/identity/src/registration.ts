// From what the caller typed to what is sealed: checks of numbers, names and dates before anything is encrypted.
import type { FieldProblem } from '@jinbao/core'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import type { DocumentKind, RegisterPersonRequest } from '@jinbao/proto/identity/v1/identity.ts'
import type { Context } from '@jinbao/service'
import {
  checkNumber,
  hasCheckDigit,
  isBirthDate,
  isOpaqueNumber,
  type NumberTerms,
  normalise,
} from './domain/number.ts'
import { refusals, refuse } from './domain/refusals.ts'
import { type IdentityDocument, kindOf, type Records } from './records.ts'

export function termsOf({ world }: Context, { allowSyntheticIds }: Records): NumberTerms {
  const age = world.policyOn(world.today).value('identity.maximumAge')
  return { today: world.today, maximumAge: Number(age.n / age.d), allowSyntheticIds }
}

export interface AcceptedNumber {
  readonly number: string
  readonly old?: string
  readonly birthDate: string
  readonly sex: Sex
  readonly warnings: readonly string[]
}

/** The number, or a refusal that names every error in rule order. The number itself is not repeated. */
export function acceptNumber(raw: string, kind: DocumentKind, terms: NumberTerms): AcceptedNumber {
  if (!hasCheckDigit(kind)) {
    const number = normalise(raw)
    if (!isOpaqueNumber(number)) refuse('ID_FORMAT', {}, [fieldProblem('ID_FORMAT')])
    return { number, birthDate: '', sex: Sex.SEX_UNSPECIFIED, warnings: [] }
  }
  const checked = checkNumber(raw, kind, terms)
  const [first] = checked.errors
  if (first) refuse(first, {}, checked.errors.map(fieldProblem))
  return checked
}

const fieldProblem = (reason: keyof typeof refusals): FieldProblem => ({
  field: 'number',
  reason,
  message: refusals[reason].en,
})

export function acceptName(name: string): string {
  const trimmed = name.normalize('NFC').trim()
  if (!trimmed || trimmed.length > 100) refuse('NAME_MISSING')
  return trimmed
}

export interface Registration {
  readonly document: IdentityDocument
  readonly warnings: readonly string[]
}

/** ID-06: birth date and sex default from the number; the register keeps its own where they are given. */
export function acceptRegistration(request: RegisterPersonRequest, terms: NumberTerms): Registration {
  const kind = kindOf(request.documentKind)
  const accepted = acceptNumber(request.number, kind, terms)
  const name = acceptName(request.name)
  const birthDate = request.birthDate || accepted.birthDate || refuse('BIRTH_DATE_MISSING')
  if (!isBirthDate(birthDate, terms)) refuse('BAD_DAY', { field: 'birth_date', value: 'out of range' })
  const sex = request.sex === Sex.SEX_UNSPECIFIED ? accepted.sex : request.sex
  if (sex === Sex.SEX_UNSPECIFIED) refuse('SEX_MISSING')
  const aliases = accepted.old ? [{ number: accepted.old, until: '' }] : []
  return {
    document: { kind, number: accepted.number, name, birthDate, sex, aliases },
    warnings: [...accepted.warnings, ...differences(accepted, birthDate, sex)],
  }
}

export function differences(accepted: AcceptedNumber, birthDate: string, sex: Sex): string[] {
  if (!accepted.birthDate) return []
  return [
    ...(accepted.birthDate === birthDate ? [] : ['BIRTH_DATE_DIFFERS']),
    ...(accepted.sex === sex ? [] : ['SEX_DIFFERS']),
  ]
}
