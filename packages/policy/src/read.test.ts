import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRational, type PolicyValue, Problem } from '@jinbao/core'
import { policyBook } from './book.ts'
import { checkFolder, findingLine } from './check.ts'
import { parsePolicy } from './read.ts'
import { small, smallWith } from './testing.ts'

const faults = (file: string, text: string) => checkFolder(parsePolicy(smallWith(file, text))).map(findingLine)

const value = (fields: string) => `floor:\n  - { ${fields} }\n`
const good = 'from: 2026-01-01, value: 7000, source: s, mark: likely'

test('G-04 a well-formed folder has no findings', () => {
  assert.deepEqual(checkFolder(parsePolicy(small)), [])
})

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['no source', value('from: 2026-01-01, value: 7000, mark: likely'), /:2: error: floor: source is missing/],
  ['no mark', value('from: 2026-01-01, value: 7000, source: s'), /mark is missing/],
  ['a mark of its own', value('from: 2026-01-01, value: 7000, source: s, mark: sure'), /mark sure; use certain/],
  ['no from', value('value: 7000, source: s, mark: likely'), /from is missing/],
  ['a day that is none', value('from: 2026-02-30, value: 7000, source: s, mark: likely'), /2026-02-30 is no day/],
  ['an end before its start', value(`to: 2025-12-31, ${good}`), /ends 2025-12-31 before it starts/],
  ['a misspelt field', value(`untill: 2026-12-31, ${good}`), /unknown field untill/],
  ['no value at all', value('from: 2026-01-01, source: s, mark: likely'), /has no value; the key wants value/],
  [
    'a word for a number',
    value('from: 2026-01-01, word: HIGH, source: s, mark: likely'),
    /has word; the key wants value/,
  ],
  ['a number that is none', value('from: 2026-01-01, value: 7e3, source: s, mark: likely'), /7e3 is no exact number/],
  ['money as a rate', value('from: 2026-01-01, value: 60%, source: s, mark: likely'), /does not fit the unit CNY/],
  ['a third of a fen', value('from: 2026-01-01, value: 1/3, source: s, mark: likely'), /no amount in yuan/],
  ['an undeclared key', 'flor:\n  - { from: 2026-01-01, value: 7000, source: s, mark: likely }', /not declared/],
  ['no list', 'floor: 7000', /is no list of values/],
  ['the same key twice', `${value(good)}${value(good)}`, /unique/],
  [
    'a rate without percent',
    'rate:\n  - { from: 2026-01-01, value: 16, source: s, mark: likely }',
    /16 does not fit the unit RATE/,
  ],
  [
    'a word of its own',
    'rounding:\n  - { from: 2026-01-01, word: UP, source: s, mark: likely }',
    /not one of the key's/,
  ],
  ['half a month', 'months:\n  - { from: 2026-01-01, rows: { 60: 1.5 }, source: s, mark: likely }', /no whole number/],
  ['a month that is none', 'start:\n  - { from: 2026-01-01, value: 1965-13, source: s, mark: likely }', /is no month/],
]

for (const [what, text, expected] of wrong)
  test(`G-04 the checker names file, line and reason: ${what}`, () => {
    const lines = faults('540100/floor.yaml', text)
    assert.ok(
      lines.some((line) => line.startsWith('540100/floor.yaml:') && expected.test(line)),
      lines.join('\n'),
    )
  })

test('RG-01 values in a folder without place.yaml are refused', () => {
  assert.match(faults('540200/floor.yaml', value(good)).join(), /place 540200 is unknown/)
})

test('RG-01 a place whose parent is not there, or that stands above itself, is refused', () => {
  const place = (parent: string) => `code: '540100'\nzh: 拉萨\nen: Lhasa\nkind: city\nparent: '${parent}'`
  assert.match(faults('540100/place.yaml', place('990000')).join(), /place 990000 is unknown/)
  assert.match(faults('540100/place.yaml', place('540100')).join(), /stands above itself/)
  assert.match(faults('540101/place.yaml', place('540000')).join(), /code 540100 is not its folder/)
})

test('G-04 a key needs both names, a rule and a known unit, and one declaration', () => {
  assert.match(faults('keys/more.yaml', 'x: { zh: 甲, en: x, unit: PERSONS, rule: C-1 }').join(), /unit PERSONS/)
  assert.match(faults('keys/more.yaml', 'x: { zh: 甲, unit: CNY, rule: C-1 }').join(), /zh, en or rule is missing/)
  assert.match(faults('keys/more.yaml', 'floor: { zh: 甲, en: x, unit: CNY, rule: C-1 }').join(), /also in keys/)
})

test('G-04 a folder with errors is not loaded', () => {
  assert.throws(
    () => policyBook(smallWith('540100/floor.yaml', 'floor: 7000')),
    (error) => error instanceof Problem && error.reason === 'POLICY_INVALID' && error.message.includes('floor.yaml:1'),
  )
})

test('G-01 numbers are read exactly, never through a binary float', () => {
  const book = policyBook(
    smallWith(
      '540100/n.yaml',
      'floor:\n  - { from: 2026-01-01, value: 12345678901234567.89, source: s, mark: likely }',
    ),
  )
  const answer = book.on('540100', '2026-01-01').value('floor') as PolicyValue
  assert.equal(formatRational(answer), '12345678901234567.89')
})

test('P§3 a month is held as the number of months since year 0', () => {
  assert.equal(policyBook(small).on('540100', '2025-01-01').value('start').n, BigInt(1965 * 12))
})
