// Unified social credit codes, GB 32100, with the organisation code of GB 11714 inside (other-lines §1.2).

export type CodeError = 'USCC_FORMAT' | 'USCC_DEPARTMENT' | 'USCC_CHECK'
export type CodeWarning = 'USCC_INNER' | 'TEMPORARY_CODE'

export interface CheckedCode {
  readonly code: string
  readonly temporary: boolean
  readonly errors: readonly CodeError[]
  readonly warnings: readonly CodeWarning[]
}

/** The order is the value; I, O, S, V and Z are not used. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const INNER_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** Categories of the departments whose list is known; other departments keep 1 and 9 at least, so any digit passes. */
const categories: Readonly<Record<string, string>> = { '1': '1239', '5': '1239', '9': '1239' }
const DEPARTMENTS = '123456789ANY'

export const normaliseCode = (raw: string): string => raw.normalize('NFKC').trim().toUpperCase()

export function codeCheck(body: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * ALPHABET.indexOf(body[at]!), 0)
  return ALPHABET[(31 - (sum % 31)) % 31]!
}

/** GB 11714: 10 is written X, 11 is written 0. */
export function innerCheck(body: string): string {
  const sum = INNER_WEIGHTS.reduce((total, weight, at) => total + weight * Number.parseInt(body[at]!, 36), 0)
  const check = 11 - (sum % 11)
  return check === 10 ? 'X' : check === 11 ? '0' : String(check)
}

/** Units that have no code yet: `TMP-` and what the agency chose. */
export const isTemporary = (code: string): boolean => /^TMP-[0-9A-Z]{4,24}$/.test(code)

export function checkCode(raw: string): CheckedCode {
  const code = normaliseCode(raw)
  if (isTemporary(code)) return { code, temporary: true, errors: [], warnings: ['TEMPORARY_CODE'] }
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code))
    return { code, temporary: false, errors: ['USCC_FORMAT'], warnings: [] }
  const errors: CodeError[] = []
  const allowed = categories[code[0]!]
  if (!DEPARTMENTS.includes(code[0]!) || (allowed && !allowed.includes(code[1]!))) errors.push('USCC_DEPARTMENT')
  if (codeCheck(code) !== code[17]) errors.push('USCC_CHECK')
  const inner = innerCheck(code.slice(8, 16)) === code[16]
  return { code, temporary: false, errors, warnings: inner ? [] : ['USCC_INNER'] }
}
