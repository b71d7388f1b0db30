import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadPolicy } from '@jinbao/policy'
import type { LineDue } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import fc from 'fast-check'
import { estimate, totalOf } from './estimate.ts'

const share = loadPolicy().policyOn('310000')('2025-08-01').value('contribution.estimate')
const due = (line: Line, employerFen: bigint, employeeFen: bigint): LineDue => ({
  line,
  employerFen,
  employeeFen,
  accountFen: employeeFen,
})
const e1 = [
  due(Line.PENSION, 1_004_200n, 502_100n),
  due(Line.MEDICAL, 564_863n, 125_525n),
  due(Line.UNEMPLOYMENT, 31_381n, 31_381n),
  due(Line.INJURY, 10_042n, 0n),
]

test('E2 C-7 S-06 110 % of 22,694.92 is 24,964.41, split over line and side to the fen', () => {
  const { totalFen, lines } = estimate(e1, share)
  assert.equal(totalFen, 2_496_441n)
  assert.equal(totalOf(lines), totalFen)
  assert.deepEqual(
    lines.map((one) => one.accountFen),
    [0n, 0n, 0n, 0n],
  )
  assert.equal(totalFen - totalOf(e1), 226_949n)
})

test('S-06 each side is within a fen of 110 % of its own, and a side without money has none', () => {
  const sides = fc.bigInt({ min: 0n, max: 10n ** 9n })
  fc.assert(
    fc.property(fc.array(fc.tuple(sides, sides), { minLength: 1, maxLength: 5 }), (all) => {
      const previous = all.map(([er, ee]) => due(Line.PENSION, er, ee))
      const { totalFen, lines } = estimate(previous, share)
      assert.equal(totalOf(lines), totalFen)
      for (const [i, { employerFen, employeeFen }] of lines.entries())
        for (const [had, has] of [
          [all[i]![0], employerFen],
          [all[i]![1], employeeFen],
        ] as const) {
          assert.ok((had * 11n - has * 10n) ** 2n <= 400n)
          if (had === 0n) assert.equal(has, 0n)
        }
    }),
  )
})
