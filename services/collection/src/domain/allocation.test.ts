import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import fc from 'fast-check'
import { inOrder, least, proRata, sumOf } from './allocation.ts'

const lines = [Line.PENSION, Line.MEDICAL, Line.UNEMPLOYMENT, Line.INJURY, Line.MATERNITY]
const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 8n }), { minLength: 1, maxLength: 5 })
const open = (all: bigint[]) => all.map((fen, i) => ({ line: lines[i]!, fen }))

test('DC-10 lines share what there is pro rata, no line gets more than is open, nothing is lost', () => {
  fc.assert(
    fc.property(amounts, fc.bigInt({ min: 0n, max: 10n ** 9n }), (all, money) => {
      const parts = proRata(money, open(all))
      const whole = all.reduce((a, b) => a + b, 0n)
      assert.equal(sumOf(parts), least(money, whole))
      for (const [i, { fen }] of parts.entries()) assert.ok(fen >= 0n && fen <= all[i]!)
    }),
  )
})

test('DC-10 an odd fen goes by largest remainder, ties to the earlier line', () => {
  assert.deepEqual(
    proRata(100n, open([100n, 100n, 100n])).map((one) => one.fen),
    [34n, 33n, 33n],
  )
})

test('DC-10 in order: the first is filled before the second gets anything', () => {
  assert.deepEqual(
    inOrder(150n, open([100n, 100n, 100n])).map((one) => one.fen),
    [100n, 50n, 0n],
  )
})
