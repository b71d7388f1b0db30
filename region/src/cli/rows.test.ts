import assert from 'node:assert/strict'
import * as path from 'node:path'
import { test } from 'node:test'
import { ApiProblem } from '@jinbao/client'
import { uploads } from '../imports.ts'
import { payroll } from './columns.ts'
import { eachGroup, type Group } from './rows.ts'

const examples = path.join(import.meta.dirname, '../../../examples')
interface Row {
  readonly creditCode: string
  readonly number: string
  readonly wageFen: string
}

async function read(file: string, work: (group: Group<Row>) => Promise<void> = async () => undefined) {
  const rows: Row[] = []
  const report = await eachGroup<Row>(
    path.join(examples, file),
    { kind: payroll, by: (row) => row.creditCode },
    async (group) => {
      rows.push(...group.items.map(({ json }) => json))
      await work(group)
    },
  )
  return { rows, report }
}

const refusal = (status: number) =>
  new ApiProblem({ type: '', title: 'no', status, instance: '', reason: 'NO', traceId: '' })

test('EX-1 the workbook and the GB18030 file say the same as the UTF-8 file', async () => {
  const utf8 = await read('110000/payroll-2025-07.csv')
  assert.deepEqual(
    utf8.rows.map(({ wageFen }) => wageFen),
    ['500000', '1234549', '1234550', '1234567', '4500000'],
  )
  assert.deepEqual((await read('110000/payroll-2025-07.gb18030.csv')).rows, utf8.rows)
  assert.deepEqual((await read('110000/payroll-2025-07.xlsx')).rows, utf8.rows)
})

test('DC-11 every wrong cell of the wrong file is named by row, column and reason', async () => {
  const { report } = await read('110000/wrong/payroll-2025-07.csv')
  assert.deepEqual(
    report.errors.map(({ row, column, reason }) => `${row} ${column} ${reason}`),
    [
      '9  ROW_TWICE',
      '10 工资总额 FRACTION_OF_FEN',
      '11 工资总额 NOT_AN_AMOUNT',
      '12 证件号码 NUMBER_LOST_DIGITS',
      '13 证件号码 REQUIRED',
      '14 工资总额 REQUIRED',
      '15 月数 NOT_A_WHOLE_NUMBER',
    ],
  )
  assert.deepEqual([report.rows, report.done, report.failed], [14, 7, 7])
})

test('a refused group fails with its rows, single rows by themselves; a forbidden one ends the work', async () => {
  const one = await read('110000/payroll-2025-07.csv', async () => {
    throw refusal(422)
  })
  assert.deepEqual([one.report.done, one.report.failed], [0, 5])
  const single = await read('110000/payroll-2025-07.csv', async ({ fail }) => fail(3, { reason: 'X', message: 'x' }))
  assert.deepEqual([single.report.done, single.report.errors[0]?.row], [4, 3])
  await assert.rejects(
    read('110000/payroll-2025-07.csv', async () => {
      throw refusal(403)
    }),
    ApiProblem,
  )
})

test('rows of one person are one group of their own', async () => {
  const sizes: number[] = []
  const options = { kind: uploads.persons, by: (row: { number: string }) => row.number }
  await eachGroup(path.join(examples, '310000/persons.csv'), options, async ({ items }) => {
    sizes.push(items.length)
  })
  assert.deepEqual(sizes, [1, 1, 1, 1])
})
