// Resident identity numbers, GB 11643 (O§1.1, ID-01 … ID-10).
import { type Day, isDay } from '@jinbao/core'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { DocumentKind } from '@jinbao/proto/identity/v1/identity.ts'
import { isProvince, isSynthetic, TAIWAN_PERMIT, wasEverInForce } from './division.ts'

export type NumberError = 'ID_FORMAT' | 'ID_CHECKSUM' | 'ID_BIRTHDATE' | 'ID_PROVINCE' | 'ID_SYNTHETIC'
export type NumberWarning = 'ID_COUNTY_UNKNOWN'

export interface NumberTerms {
  readonly today: Day
  /** Years; policy identity.maximumAge. */
  readonly maximumAge: number
  readonly allowSyntheticIds: boolean
}

export interface CheckedNumber {
  readonly number: string
  /** The old 15-digit writing it came in, kept as an alias (ID-07). */
  readonly old?: string
  readonly birthDate: Day
  readonly sex: Sex
  readonly errors: readonly NumberError[]
  readonly warnings: readonly NumberWarning[]
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** ID-01: trimmed, half width, capital X. */
export const normalise = (raw: string): string => raw.normalize('NFKC').trim().toUpperCase()

/** ISO 7064 MOD 11-2 over the first 17 digits. */
export function checkCharacter(digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return '10X98765432'[sum % 11]!
}

/**
 * ID-07: `19` goes in, the check character is appended. Sequences 996 to 999 marked people over a hundred when the
 * 15-digit form was in use: their century is not told by the number.
 */
export function lift(number: string): string | undefined {
  if (!/^\d{15}$/.test(number) || /99[6-9]$/.test(number)) return undefined
  const digits = `${number.slice(0, 6)}19${number.slice(6)}`
  return digits + checkCharacter(digits)
}

export function checkNumber(raw: string, kind: DocumentKind, terms: NumberTerms): CheckedNumber {
  const given = normalise(raw)
  const number = lift(given) ?? given
  if (!/^\d{17}[\dX]$/.test(number))
    return { number, birthDate: '', sex: Sex.SEX_UNSPECIFIED, errors: ['ID_FORMAT'], warnings: [] }
  const birthDate = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  const county = number.slice(0, 6)
  const errors: NumberError[] = []
  if (checkCharacter(number) !== number[17]) errors.push('ID_CHECKSUM')
  if (!isBirthDate(birthDate, terms)) errors.push('ID_BIRTHDATE')
  if (!provinceFits(county.slice(0, 2), kind)) errors.push('ID_PROVINCE')
  const synthetic = isSynthetic(county)
  if (synthetic && !terms.allowSyntheticIds) errors.push('ID_SYNTHETIC')
  const known = synthetic || wasEverInForce(county)
  return {
    number,
    ...(number === given ? {} : { old: given }),
    birthDate,
    sex: Number(number[16]) % 2 === 1 ? Sex.MALE : Sex.FEMALE,
    errors,
    warnings: known ? [] : ['ID_COUNTY_UNKNOWN'],
  }
}

const provinceFits = (province: string, kind: DocumentKind) =>
  isProvince(province) || (province === TAIWAN_PERMIT && kind === DocumentKind.RESIDENCE_PERMIT)

/** ID-03: it exists, has come, and nobody is that old. */
export function isBirthDate(day: Day, { today, maximumAge }: NumberTerms): boolean {
  if (!isDay(day) || day > today) return false
  return Number(today.slice(0, 4)) - Number(day.slice(0, 4)) - (today.slice(5) < day.slice(5) ? 1 : 0) <= maximumAge
}

/** Kinds whose number follows GB 11643 (ID-08). */
export const hasCheckDigit = (kind: DocumentKind): boolean =>
  kind === DocumentKind.RESIDENT_ID || kind === DocumentKind.RESIDENCE_PERMIT

/** Passports and numbers the agency gave: opaque, no check (ID-08). */
export const isOpaqueNumber = (number: string): boolean => /^[0-9A-Z][0-9A-Z-]{3,39}$/.test(number)

/** ID-10: `110***********1234`; at most the first three and last four are ever shown. */
export function mask(number: string): string {
  if (number.length <= 7) return '*'.repeat(number.length)
  return number.slice(0, 3) + '*'.repeat(number.length - 7) + number.slice(-4)
}
