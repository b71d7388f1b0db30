import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, test } from 'node:test'
import { parseYuan } from '@jinbao/core'
import { employerAt } from './employers.ts'
import { creditCode, identityNumber, syntheticCounty } from './identifiers.ts'
import { capacity, type Population } from './people.ts'
import { type Seeded, type SeedOptions, writeSeed } from './write.ts'

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-seed-'))
const population: Population = { seed: 7, place: '310000', month: '2026-07', averageFen: 1_243_400n }
const write = (name: string, more: Partial<SeedOptions> = {}) =>
  writeSeed({ ...population, size: 3_000, folder: path.join(scratch, name), ...more })
const read = (name: string, file: string) =>
  fs
    .readFileSync(path.join(scratch, name, file), 'utf8')
    .replace('\ufeff', '')
    .trim()
    .split('\n')
    .map((line) => line.split(','))

let seeded: Seeded
before(async () => {
  seeded = await write('a')
})
after(() => fs.rmSync(scratch, { recursive: true }))

test('ID-01 the published synthetic numbers and codes come out, check characters included', () => {
  assert.equal(identityNumber('110199', '1988-01-08', 123), '110199198801081234')
  assert.equal(identityNumber('650199', '1990-01-01', 18), '65019919900101018X')
  assert.equal(syntheticCounty('540100'), '540199')
  // The six middle signs count in base 31: 0T0001.
  assert.equal(creditCode('110199', 26 * 31 ** 4 + 1), '91110199MA0T00011B')
})

test('the same seed makes the same files, another seed others', async () => {
  await write('b')
  await write('c', { seed: 8 })
  const digest = (name: string) =>
    seeded.files.map((file) =>
      createHash('sha256')
        .update(fs.readFileSync(path.join(scratch, name, path.basename(file))))
        .digest('hex'),
    )
  assert.deepEqual(digest('a'), digest('b'))
  for (const [at, one] of digest('c').entries()) assert.notEqual(one, digest('a')[at])
})

test('ID-03 ID-09 every number is one person’s, with the sex and birth date of the row', () => {
  const [, ...persons] = read('a', 'persons.csv')
  assert.equal(persons.length, 3_000)
  assert.equal(new Set(persons.map(([number]) => number)).size, 3_000)
  for (const [number = '', name = '', birth = '', sex] of persons) {
    const sum = [...number].reduce(
      (total, digit, at) => total + (digit === 'X' ? 10 : Number(digit)) * 2 ** (17 - at),
      0,
    )
    assert.equal(sum % 11, 1, number)
    assert.equal(number.slice(6, 14), birth.replaceAll('-', ''))
    assert.equal(Number(number[16]) % 2 === 1 ? '男' : '女', sex)
    assert.match(name, /^\p{Script=Han}{2,4}$/u)
  }
})

test('relations, payroll and openings name persons and employers of the same files', () => {
  const persons = new Set(read('a', 'persons.csv').map(([number]) => number))
  const employers = new Set(read('a', 'employers.csv').map(([code]) => code))
  const [, ...relations] = read('a', 'relations.csv')
  assert.ok(relations.length > 1_500)
  for (const [code = '', number = '', , from = ''] of relations) {
    assert.ok(persons.has(number) && employers.has(code))
    assert.ok(from < '2026-07-01')
  }
  const payroll = read('a', 'payroll.csv').slice(1)
  assert.deepEqual(
    payroll.map(([code, number]) => [code, number]),
    relations.map(([code, number]) => [code, number]),
  )
  assert.ok(payroll.every(([, , , wage = '']) => (parseYuan(wage) ?? 0n) > 0n))
  const [, ...openings] = read('a', 'opening.csv')
  assert.ok(openings.length > 10_000)
  assert.ok(
    openings.every(
      ([number = '', , , , months = '']) => persons.has(number) && /^\d{4}-\d\d(\.\.\d{4}-12)?$/.test(months),
    ),
  )
})

test('sizes of employers follow a power law: half of them are small, the largest is far above', () => {
  const sizes = Array.from({ length: 2_000 }, (_, row) => employerAt(row, population).size).sort((a, b) => a - b)
  assert.ok((sizes[1_000] ?? 0) <= 10)
  assert.ok((sizes.at(-1) ?? 0) > 1_000)
})

test('memory does not grow with the population; more persons than numbers are refused', async () => {
  const before = process.memoryUsage().rss
  const many = await write('many', { size: 60_000 })
  assert.equal(many.persons, 60_000)
  assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024)
  await assert.rejects(write('toomany', { size: capacity(population.month) + 1 }), RangeError)
})
