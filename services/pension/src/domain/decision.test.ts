import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Calc, MonthSet, parseYuan, type World } from '@jinbao/core'
import { shippedPolicy } from '@jinbao/policy'
import { verify } from '@jinbao/verify'
import { retirementDates } from './age.ts'
import { careerOf } from './average-index.ts'
import { explainedAward } from './decision.ts'
import { interestOf, termsOf } from './interest.ts'
import { explainedDeath } from './survivor-claim.ts'
import { lawWith } from './testing.ts'

const now = '2026-07-20T02:00:00Z'
const worldIn = (place: string): World => ({
  now,
  today: now.slice(0, 10),
  place,
  policyOn: lawWith({}, now.slice(0, 10), place),
  by: { subject: 'officer-1', roles: [] },
})
/** The separate program recomputes the document and looks every value up in the shipped policy. */
const agrees = (document: string | object) => {
  const report = verify(typeof document === 'string' ? JSON.parse(document) : document, { policyFolder: shippedPolicy })
  assert.deepEqual(report.findings, [])
}
const months = [...MonthSet.range('1997-05', '2026-07')]
const career = careerOf(
  'pension-account-p1',
  months.map((month) => [
    month,
    month >= '2024-07' ? { baseFen: 900_000n, indexTenThousandths: 0n } : { baseFen: 0n, indexTenThousandths: 9_123n },
  ]),
)
const who = { personId: 'p1', claimId: 'k1', birthMonth: '1966-03', retirementMonth: '2026-07', special: false }
const award = (place: string, deemed: MonthSet) =>
  explainedAward(worldIn(place), who, {
    career,
    counted: { actual: MonthSet.of(months), deemed },
    balanceFen: parseYuan('98765.43')!,
  }).explanation

describe('explanations stand up to the verifier and the shipped law', () => {
  test('P§2.4 an award without deemed months', () => agrees(award('110000', MonthSet.empty)))
  for (const place of ['110000', '540000', '650000'])
    test(`P§2.7 an award with deemed months, ${place}`, () =>
      agrees(award(place, MonthSet.range('1987-11', '1997-04'))))
  test('D-5 death benefits under the cap, D-7 without funeral grant', () => {
    const death = {
      stream: 's',
      diedOn: '2025-10-05',
      contributedMonths: 50,
      drawnMonths: undefined,
      ownFen: 2_000_000n,
      funeralElsewhere: false,
    }
    agrees(explainedDeath(worldIn('110000'), 'p1', death, 5n).explanation)
    agrees(
      explainedDeath(
        worldIn('110000'),
        'p1',
        { ...death, contributedMonths: 389, drawnMonths: 76, funeralElsewhere: true },
        0n,
      ).explanation,
    )
  })
  test('P§3 retirement dates', () => {
    const { policyOn } = worldIn('110000')
    const calc = Calc.recording()
    retirementDates(calc, policyOn, '2026-07-20', '1966-03', 'M60')
    agrees(calc.explain({ subject: { person: 'p1' }, place: '110000', day: '2026-07-20', knownAt: now }, {}))
  })
  for (const payout of [false, true])
    test(`${payout ? 'I-3' : 'I-1'} interest of a year`, () => {
      const calc = Calc.recording()
      const terms = termsOf(calc, worldIn('110000').policyOn, 2024)!
      const moved = [{ at: 3, part: 2, fen: 56_000n }]
      const facts = {
        year: 2024,
        after: 0,
        to: 12,
        payout,
        opening: [0n, 0n, 10_000_000n, 0n],
        credits: moved,
        charges: moved,
        stream: 's',
      }
      const { total } = interestOf(calc, facts, terms)
      agrees(
        calc.explain(
          { subject: { person: 'p1' }, place: '110000', day: '2024-12-31', knownAt: now },
          { interest: total },
        ),
      )
    })
})
