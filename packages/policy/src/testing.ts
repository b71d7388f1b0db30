// A small law for tests: a nation, a province, a city.
import type { PolicyFiles } from './read.ts'

const place = (code: string, kind: string, parent?: string) =>
  [`code: '${code}'`, 'zh: 某地', 'en: Somewhere', `kind: ${kind}`, ...(parent ? [`parent: '${parent}'`] : [])].join(
    '\n',
  )

export const smallKeys = `
floor: { zh: 下限, en: floor, unit: CNY, rule: C-3, neededBy: collection }
rate: { zh: 费率, en: rate, unit: RATE, rule: P§2.1 }
rounding: { zh: 取整, en: rounding, words: [HALF_UP_YUAN, HALF_UP_FEN], rule: C-5 }
months: { zh: 月数, en: months, unit: MONTHS, rows: age, rule: P§2.6 }
start: { zh: 起始月, en: start, unit: MONTH, rule: P§3 }
calendar.exceptions: { zh: 日历, en: calendar, unit: NUMBER, rows: day, rule: G-06 }
`

export const small: PolicyFiles = {
  'keys/small.yaml': smallKeys,
  'national/place.yaml': place('000000', 'nation'),
  '540000/place.yaml': place('540000', 'province', '000000'),
  '540100/place.yaml': place('540100', 'city', '540000'),
  'national/small.yaml': `
rate:
  - { from: 1999-01-22, to: 2011-06-30, value: 0.2%, source: Order 259 art. 13, mark: certain }
  - { from: 2011-07-01, value: 0.05%, source: SIL art. 86, mark: certain }
rounding:
  - { from: 2011-07-01, word: HALF_UP_FEN, source: local, mark: illustrative }
months:
  - { from: 2006-01-01, rows: { '60': 139, '61': 132 }, source: 国发〔2005〕38号, mark: certain }
start:
  - { from: 2025-01-01, value: 1965-01, source: decision of 2024-09-13, mark: certain }
calendar.exceptions:
  - { from: 2025-01-01, to: 2025-12-31, rows: { '2025-10-01': 0, '2025-10-11': 1 }, source: notice, mark: likely }
`,
  '540000/small.yaml': `
floor:
  - { from: 2024-01-01, to: 2024-12-31, value: 6928, source: notice of 2024, mark: likely }
  - { from: 2025-01-01, published: 2025-08-20, value: 7066, source: notice of 2025, mark: likely }
  - { from: 2025-01-01, published: 2025-11-05, value: 7070.50, source: correction, mark: likely }
`,
  '540100/small.yaml': `
rounding:
  - { from: 2020-01-01, word: HALF_UP_YUAN, source: city notice, mark: likely }
`,
}

/** The small law with one file replaced or added. */
export function smallWith(file: string, text: string): PolicyFiles {
  return { ...small, [file]: text }
}
