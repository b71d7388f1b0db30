// Numbers that pass every check and that nobody can hold: no county code of GB/T 2260 ever ended in 99.

/** City part of a place with the county pair 99: 110000 -> 110199, 540100 -> 540199. */
export const syntheticCounty = (place: string): string =>
  `${place.slice(0, 2)}${place.slice(2, 4) === '00' ? '01' : place.slice(2, 4)}99`

/** GB 11643: check character by ISO 7064 MOD 11-2. */
export function identityNumber(county: string, birthDate: string, sequence: number): string {
  const body = `${county}${birthDate.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
  let sum = 0
  for (let at = 0; at < 17; at++) sum += Number(body[at]) * (2 ** (17 - at) % 11)
  return body + '10X98765432'[sum % 11]
}

const CODE_LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** GB 32100 of an enterprise (91), the organisation code of GB 11714 inside with a check of its own. */
export function creditCode(county: string, serial: number): string {
  const organisation = `MA${serial
    .toString(31)
    .padStart(6, '0')
    .replace(/./g, (digit) => CODE_LETTERS[Number.parseInt(digit, 31)] ?? '')}`
  const inner = ORGANISATION_WEIGHTS.reduce(
    (sum, weight, at) => sum + weight * Number.parseInt(organisation[at] ?? '', 36),
    0,
  )
  const body = `91${county}${organisation}${'0123456789X0'[11 - (inner % 11)]}`
  let sum = 0
  let weight = 1
  for (const letter of body) {
    sum += CODE_LETTERS.indexOf(letter) * weight
    weight = (weight * 3) % 31
  }
  return body + CODE_LETTERS[(31 - (sum % 31)) % 31]
}
