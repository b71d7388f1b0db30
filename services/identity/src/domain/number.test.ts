import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { describe, test } from 'node:test'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { DocumentKind } from '@jinbao/proto/identity/v1/identity.ts'
import fc from 'fast-check'
import { parse } from 'yaml'
import { checkCharacter, checkNumber, isOpaqueNumber, lift, mask } from './number.ts'

interface Cases {
  today: string
  valid: { number: string; born: string; sex: string; maximumAge?: number }[]
  invalid: { number: string; errors: string[] }[]
  lifted: { old: string; number: string }[]
}
const cases: Cases = parse(fs.readFileSync(new URL('number.cases.yaml', import.meta.url), 'utf8'))
const check = (number: string, given: { maximumAge?: number; allow?: boolean; kind?: DocumentKind } = {}) =>
  checkNumber(number, given.kind ?? DocumentKind.RESIDENT_ID, {
    today: cases.today,
    maximumAge: given.maximumAge ?? 130,
    allowSyntheticIds: given.allow ?? true,
  })

describe('O§1.1 ID-01 ID-02 ID-03 ID-04 ID-06 valid numbers', () => {
  for (const { number, born, sex, maximumAge } of cases.valid)
    test(`ID-06 ${number} tells ${born} ${sex}`, () => {
      const checked = check(number, maximumAge ? { maximumAge } : {})
      assert.deepEqual([checked.birthDate, checked.sex, checked.errors, checked.warnings], [born, sex, [], []])
    })
})
describe('ID-01 ID-02 ID-03 ID-04 invalid numbers', () => {
  for (const { number, errors } of cases.invalid)
    test(`${errors.join(' ')} ${number}`, () => assert.deepEqual(check(number).errors, errors))
})
test('ID-05 an unknown county is a warning, a retired one is none', () => {
  const digits = '11019819900101123'
  const unknown = check(digits + checkCharacter(digits))
  assert.deepEqual([unknown.errors, unknown.warnings], [[], ['ID_COUNTY_UNKNOWN']])
  assert.deepEqual(check('110103188206100056', { maximumAge: 160 }).warnings, [])
})
test('ID-05 county pair 99 passes only where invented persons are allowed', () =>
  assert.deepEqual(check('110199198801081234', { allow: false }).errors, ['ID_SYNTHETIC']))
test('ID-04 ID-08 83 stands on residence permits only', () => {
  const digits = '83000019900101123'
  const number = digits + checkCharacter(digits)
  assert.deepEqual(check(number).errors, ['ID_PROVINCE'])
  assert.deepEqual(check(number, { kind: DocumentKind.RESIDENCE_PERMIT }).errors, [])
})
test('ID-07 old numbers are lifted, those of people over a hundred are not', () => {
  for (const { old, number } of cases.lifted) {
    const checked = check(old)
    assert.deepEqual([checked.number, checked.old, checked.errors], [number, old, []])
  }
  assert.equal(lift('110199880108997'), undefined)
  assert.deepEqual(check('110199880108997').errors, ['ID_FORMAT'])
})
test('ID-08 opaque numbers', () => {
  assert.equal(isOpaqueNumber('E1234567'), true)
  assert.equal(isOpaqueNumber('E 1234567'), false)
  assert.equal(isOpaqueNumber(''), false)
})
test('ID-10 masked', () => {
  assert.equal(mask('110199198801081234'), '110***********1234')
  assert.equal(mask('1234567'), '*******')
})
test('ID-06 the number tells no sex when it has no form', () => assert.equal(check('x').sex, Sex.SEX_UNSPECIFIED))

const seventeen = fc.stringMatching(/^\d{17}$/)
const isRight = (number: string) => checkCharacter(number) === number[17]
test('ID-02 MOD 11-2 finds every wrong digit', () =>
  fc.assert(
    fc.property(seventeen, fc.nat(16), fc.integer({ min: 1, max: 9 }), (digits, at, by) => {
      const number = digits + checkCharacter(digits)
      const wrong = String((Number(number[at]) + by) % 10)
      assert.equal(isRight(number.slice(0, at) + wrong + number.slice(at + 1)), false)
    }),
  ))
test('ID-02 MOD 11-2 finds every swap of neighbours', () =>
  fc.assert(
    fc.property(seventeen, fc.nat(15), (digits, at) => {
      fc.pre(digits[at] !== digits[at + 1])
      const number = digits + checkCharacter(digits)
      const swapped = number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2)
      assert.equal(isRight(swapped), false)
    }),
  ))
