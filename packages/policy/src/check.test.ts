import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRational } from '@jinbao/core'
import { loadPolicy } from './book.ts'
import { checkFolder, checkPolicy, countMarks, findingLine } from './check.ts'
import { allEntries } from './model.ts'
import { type PolicyFiles, parsePolicy, policyFiles, shippedPolicy } from './read.ts'
import { small } from './testing.ts'

const shipped = policyFiles(shippedPolicy)
const check = (files: PolicyFiles, today?: string) => checkFolder(parsePolicy(files), today).map(findingLine)

/** The shipped folder with one text replaced in one file. */
function falsified(file: string, what: string | RegExp, by: string): string {
  const text = shipped[file] ?? assert.fail(`no ${file}`)
  const wrong = text.replace(what, by)
  assert.notEqual(wrong, text, `${what} is not in ${file}`)
  return check({ ...shipped, [file]: wrong }).join('\n')
}

test('G-04 the shipped law has no finding on a day without a relief about to end', () => {
  assert.deepEqual(
    checkPolicy(shippedPolicy, '2026-06-01').filter(({ severity }) => severity === 'error'),
    [],
  )
  assert.deepEqual(checkPolicy(shippedPolicy), [])
})

test('G-04 every shipped value has a source and one of the three marks', () => {
  const marks = countMarks(loadPolicy().folder)
  assert.deepEqual(Object.keys(marks).sort(), ['certain', 'illustrative', 'likely'])
})

test('UI-03 WI-02 a temporary value that runs out raises the alarm in time', () => {
  const found = check(shipped, '2026-10-15').join('\n')
  assert.match(
    found,
    /110000\/contribution\.yaml:\d+: warning: contribution\.rate\.unemployment\.employer: runs out on 2026-12-31/,
  )
  assert.match(check(shipped, '2026-06-01').join('\n'), /310000.*injury\.rate\.factor: runs out on 2026-06-30/)
  const forgotten = falsified('310000/contribution.yaml', 'to: 2026-06-30, ', '')
  assert.match(forgotten, /is temporary but has no end/)
})

test('C-2 DC-04 P§6 O§10 the ceiling is three times the average where both are certain', () => {
  assert.match(falsified('110000/contribution.yaml', '35811', '35812'), /35812 is not 3 × 11937/)
  assert.match(falsified('650000/contribution.yaml', '24996', '24990'), /24990 is not 3 × 8332/)
})

test('C-3 DC-03 the floor is within a yuan of 60 percent, or declared in transition', () => {
  assert.match(falsified('310000/contribution.yaml', 'value: 7460', 'value: 7462'), /7462 is not 60 % of 12434/)
  assert.match(falsified('110000/contribution.yaml', ', transition: true', ''), /5869 is not 60 % of 10628/)
  assert.match(falsified('540000/contribution.yaml', '34640', '6928'), /floor is not below the ceiling 6928/)
})

test('P§2.6 payout months fall with age', () => {
  assert.match(falsified('national/pension.yaml', "'66': 93", "'66': 102"), /row 66 is not below row 65/)
})

test('P§3 P-2 retirement groups are complete, and the minimum never falls', () => {
  assert.match(falsified('national/pension.yaml', /retirement\.group\.F50\.step:\n.*\n/, ''), /group F50 is incomplete/)
  assert.match(falsified('national/pension.yaml', 'value: 198', 'value: 190'), /the minimum falls/)
})

test('D-2 O§4.3 grants rise with the time paid and stay under the legal maximum', () => {
  assert.match(falsified('national/survivor.yaml', "'16': 10", "'16': 8"), /row 16 is not at least row 15/)
  assert.match(falsified('440000/lines.yaml', "'54': 5", "'54': 13"), /row 54 is above the cap of 12/)
})

test('G-06 the calendar lists exceptions to the week only', () => {
  assert.match(falsified('national/calendar.yaml', "'2026-06-19': 0", "'2026-06-20': 0"), /2026-06-20 is no exception/)
  assert.match(falsified('national/calendar.yaml', "'2026-01-04': 1", "'2025-12-28': 1"), /2025-12-28 is another year/)
})

test('G-04 periods that overlap, repeat or are out of order are found', () => {
  const floors = (...values: string[]) =>
    check({
      ...small,
      '540100/floor.yaml': `floor:\n${values.map((v) => `  - { ${v}, source: s, mark: likely }`).join('\n')}`,
    }).join('\n')
  assert.match(floors('from: 2024-01-01, to: 2025-06-30, value: 1', 'from: 2025-01-01, value: 2'), /overlaps the value/)
  assert.match(floors('from: 2024-01-01, value: 1', 'from: 2024-01-01, value: 2'), /two values from 2024-01-01/)
  assert.match(floors('from: 2025-01-01, value: 1', 'from: 2024-01-01, value: 2'), /not in order/)
  assert.equal(floors('from: 2024-01-01, value: 1', 'from: 2024-01-01, published: 2024-05-01, value: 2'), '')
})

test('G-04 a key of one place in two files is a warning', () => {
  const text = 'rounding:\n  - { from: 2021-01-01, word: HALF_UP_FEN, source: s, mark: likely }\n'
  assert.match(check({ ...small, '540100/more.yaml': text }).join('\n'), /warning: rounding: stands in/)
})

test('C-3 C-4 P§1.5 P§6 O§10 figures stand as published, with the day they govern from', () => {
  const book = loadPolicy()
  const figure = (place: string, day: string, key: string) => Number(book.on(place, day).value(key).n)
  assert.deepEqual(
    ['2023-07-01', '2024-07-01', '2025-07-01'].map((day) => figure('110000', day, 'contribution.base.floor')),
    [6326, 6821, 7162],
  )
  assert.equal(figure('540100', '2024-06-01', 'contribution.base.floor'), 6928)
  assert.equal(formatRational(book.on('220000', '2024-05-01').value('contribution.base.floor')), '4307.1')
  assert.equal(figure('310000', '2025-06-30', 'contribution.base.ceiling'), 36921)
  assert.equal(figure('000000', '2025-05-01', 'deathGrant.incomeBase'), 54188)
  const rate = book.on('540100', '2024-12-31').value('account.interestRate')
  assert.deepEqual([rate.n, rate.d], [262n, 10000n])
  assert.ok([...allEntries(book.folder)].length > 450)
})

test('E7 O§4.3 months of unemployment benefit by the scales of the regions', () => {
  const book = loadPolicy()
  const granted = (place: string, paid: number) => {
    const rows = [...book.on(place, '2025-01-01').table('unemployment.duration.scale').rows]
    return Number(rows.findLast(([from]) => Number(from) <= paid)?.[1].n)
  }
  const table: Readonly<Record<number, readonly number[]>> = {
    11: [0, 0, 0, 0, 0],
    12: [12, 3, 2, 1, 3],
    30: [12, 6, 4, 2, 6],
    48: [12, 12, 8, 4, 12],
    54: [12, 12, 8, 5, 12],
    60: [18, 13, 10, 6, 15],
    78: [18, 14, 12, 9, 15],
    87: [18, 15, 14, 10, 16],
    120: [24, 18, 20, 16, 19],
    150: [24, 20, 24, 21, 21],
    192: [24, 24, 24, 24, 24],
    300: [24, 24, 24, 24, 24],
  }
  for (const [paid, expected] of Object.entries(table))
    assert.deepEqual(
      ['540100', '110000', '310000', '440000', '500000'].map((place) => granted(place, Number(paid))),
      expected,
      `${paid} months`,
    )
})
