import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCode } from './creditCode.ts'

const valid = [
  '91110199MA0T00011B',
  '91310199MA1T000210',
  '92540199MA6T00039F',
  '126501994570T0041U',
  '52440399MJT0000530',
  '91650199MA7T00065A',
]
for (const code of valid)
  test(`O§1.2 ${code} is valid`, () => {
    const { errors, warnings } = checkCode(code)
    assert.deepEqual([errors, warnings], [[], []])
  })
const invalid: [string, string, string][] = [
  ['91110199MA0T00011C', 'USCC_CHECK', 'check character'],
  ['91110199IA0T00011B', 'USCC_FORMAT', 'letter I'],
  ['91110199MA0T00011', 'USCC_FORMAT', '17 characters'],
  ['94110199MA0T000112', 'USCC_DEPARTMENT', 'pair 94 is unused'],
]
for (const [code, error, why] of invalid)
  test(`O§1.2 ${code}: ${why}`, () => assert.deepEqual(checkCode(code).errors, [error]))
test('O§1.2 a wrong organisation code inside a right code is a warning', () => {
  const { errors, warnings } = checkCode('91110199MA0T00012E')
  assert.deepEqual([errors, warnings], [[], ['USCC_INNER']])
})
test('O§1.2 lower case and blanks are forgiven; temporary unit numbers are marked', () => {
  assert.equal(checkCode(' 91110199ma0t00011b ').code, valid[0])
  assert.deepEqual(checkCode('TMP-2026A1'), {
    code: 'TMP-2026A1',
    temporary: true,
    errors: [],
    warnings: ['TEMPORARY_CODE'],
  })
  assert.deepEqual(checkCode('TMP-').errors, ['USCC_FORMAT'])
})
