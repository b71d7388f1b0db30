// Division codes nest by their digits: 54 00 00 holds 54 01 00 holds 54 01 02 (RG-01).
const stem = (code: string) => code.replace(/(00){1,2}$/, '')

/** True when a place lies in another, or is it. */
export const within = (wide: string, place: string): boolean => place.startsWith(stem(wide))

/** A place and what holds it, nearest first: its city, its province, the nation. */
export const upward = (code: string): readonly string[] => [
  ...new Set([code, `${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`, '000000']),
]

/** Different provinces clear through the national platform. */
export const sameProvince = (a: string, b: string): boolean => a.slice(0, 2) === b.slice(0, 2)
