import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import fc from 'fast-check'
import { openFen, paidTotal } from './bill.ts'
import { employerId, Journey, tariff, wage } from './journey.example.ts'
import { isDone, type OpenChunk, paidOn, sumDues, whole } from './lines.ts'
import { receiptDecider } from './receipt.ts'

/** Every fen of the books, from the published facts and the states. */
function books(journey: Journey) {
  const sum = (all: readonly bigint[]) => all.reduce((a, b) => a + b, 0n)
  const published = [...journey.types('ContributionsReceived'), ...journey.types('ContributionsCorrected')]
  const lines = published.flatMap(({ data }) => data.persons.flatMap((person) => person.lines))
  const credited = sum(lines.map((one) => one.accountFen))
  const pooled = sum(lines.map((one) => whole(one) - one.accountFen))
  const lateFees = sum(journey.types('PaymentAllocated').flatMap(({ data }) => data.lines.map((one) => one.lateFeeFen)))
  const receipts = [...journey.streams.keys()].filter((stream) => /^(r|credit)/.test(stream))
  const states = receipts.map((id) => journey.state(receiptDecider, id)).filter((one) => one.status === 'recorded')
  const received = sum(states.filter((one) => one.receipt.source === 'TREASURY').map((one) => one.receipt.amountFen))
  const suspense = sum(states.map((one) => one.suspenseFen))
  const chunks = journey.months().flatMap((month) => journey.chunksOf(month))
  const held = sum(chunks.flatMap((chunk) => [...chunk.held].map(([key, fen]) => fen - publishedOn(chunk, key))))
  const unplaced = sum(
    journey.months().map((month) => {
      const state = journey.headerState(month)
      return state.status === 'open' && state.estimateFen !== undefined ? paidTotal(state.bill) : 0n
    }),
  )
  return { received, credited, pooled, lateFees, suspense: suspense + held + unplaced }
}

/** Money held on a line whose credited part is counted as credited already. */
const publishedOn = (chunk: OpenChunk, key: string) => {
  const was = chunk.published.get(key)
  return was ? whole(was.due) : 0n
}

function balanced(journey: Journey): void {
  const { received, credited, pooled, lateFees, suspense } = books(journey)
  assert.equal(credited + pooled + suspense + lateFees, received)
  for (const month of journey.months()) agree(journey, month)
}

/** The employer's bill is the sum of its persons, owed and paid. */
function agree(journey: Journey, month: string): void {
  const state = journey.headerState(month)
  if (state.status === 'none' || state.phase !== 'assessed') return
  const chunks = journey.chunksOf(month)
  const dues = sumDues(chunks.flatMap((chunk) => chunk.lines.flatMap((one) => one.lines)))
  for (const account of state.bill.lines) {
    const of = dues.find((due) => due.line === account.line)
    assert.equal(whole(account.due), of ? whole(of) : 0n, `due on ${account.line}`)
    assert.equal(whole(account.due) - openFen(account), paidBy(chunks, account.line), `paid on ${account.line}`)
  }
}

function paidBy(chunks: readonly OpenChunk[], line: Line): bigint {
  let sum = 0n
  for (const chunk of chunks)
    for (const person of chunk.lines)
      for (const [i, due] of person.lines.entries()) if (due.line === line) sum += paidOn(chunk, person, i)
  return sum
}

function estimateAndPay(journey: Journey, fen: bigint): void {
  const opening = { employerId, month, tariff, contributesFrom: '' }
  const previous = [Line.PENSION, Line.MEDICAL].map((line) => ({
    line,
    employerFen: 300_000n,
    employeeFen: 150_000n,
    accountFen: 0n,
  }))
  journey.header(month, { type: 'Estimate', opening, previous })
  journey.receipt(fen, '2025-08-20')
  balanced(journey)
}

const month = '2025-07'
const persons = ['p1', 'p2', 'p3', 'p4', 'p5']
const wages = fc.array(fc.bigInt({ min: 0n, max: 6_000_000n }), { minLength: 1, maxLength: 5 })
const step = fc.oneof(
  fc.record({
    kind: fc.constant('pay' as const),
    fen: fc.bigInt({ min: 1n, max: 3_000_000n }),
    day: fc.integer({ min: 1, max: 28 }),
  }),
  fc.record({
    kind: fc.constant('row' as const),
    who: fc.nat(4),
    fen: fc.bigInt({ min: 1n, max: 900_000n }),
    day: fc.integer({ min: 1, max: 28 }),
  }),
  fc.record({ kind: fc.constant('correct' as const), who: fc.nat(4), fen: fc.bigInt({ min: 0n, max: 6_000_000n }) }),
  fc.record({ kind: fc.constant('remove' as const), who: fc.nat(4) }),
  fc.record({ kind: fc.constant('rematch' as const) }),
)

test('C-10 DC-10 C-22 conservation: received = credited + pooled + suspense + late fees, whatever happens', () => {
  fc.assert(
    fc.property(
      wages,
      fc.array(step, { maxLength: 12 }),
      fc.bigInt({ min: 0n, max: 5_000_000n }),
      (all, steps, early) => {
        const journey = new Journey('310000', '2025-12-31')
        const lines = all.map((fen, i) => wage(persons[i]!, fen))
        if (early % 2n === 1n) estimateAndPay(journey, early)
        journey.declare(
          month,
          [lines.slice(0, 2), lines.slice(2)].filter((chunk) => chunk.length > 0),
        )
        for (const one of steps) {
          const who = persons[('who' in one ? one.who : 0) % all.length]!
          const chunk = persons.indexOf(who) < 2 ? 1 : 2
          const day = 'day' in one ? `2025-09-${String(one.day).padStart(2, '0')}` : ''
          if (one.kind === 'pay') journey.receipt(one.fen, day)
          if (one.kind === 'row')
            journey.receipt(one.fen + 5n, day, [{ personId: who, month, line: 'LINE_UNSPECIFIED', amountFen: one.fen }])
          if (one.kind === 'correct') journey.correct(month, chunk, [wage(who, one.fen)])
          if (one.kind === 'remove') journey.correct(month, chunk, [], [who])
          if (one.kind === 'rematch')
            for (const id of [...journey.streams.keys()].filter((stream) => /^(r|credit)/.test(stream)))
              journey.match(id)
          balanced(journey)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('C-10 a month that is paid in full credits every person once, and nothing waits', () => {
  const journey = new Journey('310000', '2025-08-01')
  const lines = [500_000n, 1_800_050n, 6_000_000n].map((fen, i) => wage(persons[i]!, fen))
  journey.declare(month, [lines.slice(0, 2), lines.slice(2)])
  journey.receipt(2_269_492n, '2025-07-30')
  balanced(journey)
  assert.equal(books(journey).suspense, 0n)
  const received = journey.types('ContributionsReceived').flatMap(({ data }) => data.persons)
  assert.deepEqual(
    received.map((one) => [one.personId, one.lines.length]),
    [
      ['p1', 4],
      ['p2', 4],
      ['p3', 4],
    ],
  )
  const chunk = journey.chunkState(month, 1) as OpenChunk
  assert.ok(chunk.lines.every((person) => person.lines.every((_, i) => isDone(person, i))))
})
