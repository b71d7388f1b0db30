import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import type { SurvivorBenefitDecided } from '@jinbao/proto/pension/v1/events.ts'
import { type SurvivorCommand, survivorDecider } from './survivor-claim.ts'
import type { DeathFacts } from './survivors.ts'
import { beijing, lawWith } from './testing.ts'

const worldAs = (subject: string): World => ({
  now: '2025-11-03T02:00:00Z',
  today: '2025-11-03',
  place: '110000',
  policyOn: lawWith(beijing),
  by: { subject, roles: ['officer'] },
})
const history = story(survivorDecider, worldAs('officer-1'))
const second = worldAs('officer-2')

const claim: SurvivorCommand & { type: 'Claim' } = {
  type: 'Claim',
  personId: 'p1',
  claimantId: 'c1',
  diedOn: '2025-10-05',
  funeralElsewhere: false,
}
/** EX-11 b: 32y5m at retirement, 6y4m drawn. */
const facts: DeathFacts = {
  stream: 'pension-account-p1',
  diedOn: '2025-10-05',
  contributedMonths: 389,
  drawnMonths: 76,
  ownFen: 5_000_000n,
  funeralElsewhere: false,
}
const decide: SurvivorCommand = { type: 'Decide', facts, balanceFen: 18_074_133n }
const claimed = history().when(claim).events()
const decided = [
  ...claimed,
  ...history(...claimed)
    .when(decide)
    .events(),
]

describe('survivor claim', () => {
  test('EX-11 b D-1 D-4 D-9 claimed, decided by one officer, awarded by a second', () => {
    const one = decided[1]!.data as SurvivorBenefitDecided
    assert.deepEqual([one.funeralFen, one.survivorsFen, one.inheritanceFen], [1_541_066n, 13_869_594n, 18_074_133n])
    assert.match(one.explanation, /jinbao.explanation/)
    history(...decided)
      .when({ type: 'Approve' })
      .thenRefused('SAME_OFFICER')
    const awarded = history(...decided)
      .when({ type: 'Approve' }, second)
      .thenTypes('SurvivorBenefitAwarded')
    history(...decided, ...awarded)
      .when({ type: 'Approve' }, second)
      .thenNothing()
    history(...decided, ...awarded)
      .when(decide)
      .thenRefused('WRONG_STEP')
  })
  test('D-1 one claim a death: the same claimant again does nothing, another one is refused', () => {
    history(...claimed)
      .when(claim)
      .thenNothing()
    history(...claimed)
      .when({ ...claim, claimantId: 'c2' })
      .thenRefused('ANOTHER_CLAIM')
    history()
      .when({ ...claim, diedOn: '' })
      .thenRefused('PERSON_ALIVE')
    history(...decided)
      .when(decide)
      .thenNothing()
    history(...decided)
      .when({ ...decide, balanceFen: 1n })
      .thenTypes('SurvivorBenefitDecided')
    history().when(decide).thenRefused('WRONG_STEP')
  })
  test('D-7 the funeral grant of another line was chosen', () => {
    const elsewhere = history()
      .when({ ...claim, funeralElsewhere: true })
      .events()
    const [event] = history(...elsewhere)
      .when(decide)
      .events()
    assert.equal((event!.data as SurvivorBenefitDecided).funeralFen, 0n)
  })
  test('D-9 a death in error ends the claim; after a refusal it may be made again', () => {
    const withdrawn = history(...decided)
      .when({ type: 'Withdraw' })
      .thenTypes('SurvivorBenefitRejected')
    history(...decided, ...withdrawn)
      .when({ type: 'Withdraw' })
      .thenNothing()
    history(...decided, ...withdrawn)
      .when({ ...claim, claimantId: 'c2' })
      .thenTypes('SurvivorBenefitClaimed')
    history(...claimed)
      .when({ type: 'Reject', reason: 'no', text: '' })
      .thenRefused('REASON_MISSING')
  })
})
