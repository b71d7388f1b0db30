import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import fc from 'fast-check'
import { type CardCommand, type CardStep, cardDecider } from './card.ts'
import { type CardEvent, live } from './card-state.ts'
import { world } from './testing.ts'

const history = story(cardDecider, world)
const apply = (personActive = true, cardId = 'c1'): CardCommand => ({
  type: 'Apply',
  data: { personId: 'p1', cardId, channel: 'AGENCY', replaces: '' },
  personActive,
})
const step = (type: CardStep, reason = '', cardId = 'c1', newCardId = 'c2'): CardCommand => ({
  type,
  personId: 'p1',
  cardId,
  reason,
  newCardId,
})
/** Events of commands one after the other. */
function after(...commands: CardCommand[]): CardEvent[] {
  const events: CardEvent[] = []
  for (const command of commands)
    events.push(
      ...history(...events)
        .when(command)
        .events(),
    )
  return events
}
const active = after(apply(), step('Verify'), step('Produce'), step('Issue'), step('Activate'))
const statuses = (events: readonly CardEvent[]) => fold(cardDecider, events).cards.map((card) => card.status)

test('O§1.5 from application to use', () => {
  assert.deepEqual(statuses(active), ['ACTIVE'])
  history().when(apply(false)).thenRefused('CARD_PERSON')
  history(...active)
    .when(apply(true, 'c9'))
    .thenRefused('CARD_EXISTS')
  history(...after(apply()))
    .when(step('Issue'))
    .thenRefused('CARD_STATE')
  history(...after(apply(), step('Reject', 'NO_MATCH')))
    .when(apply(true, 'c9'))
    .thenTypes('CardApplied')
  history(...active)
    .when(step('Verify', '', 'zz'))
    .thenRefused('CARD_UNKNOWN')
})
test('O§1.5 a temporary loss lapses after the days of the region', () => {
  const [lost] = history(...active)
    .when(step('LoseForNow'))
    .thenTypes('CardTemporarilyLost')
  assert.equal(lost?.type === 'CardTemporarilyLost' && lost.data.until, '2026-07-08')
  const gone = history(...active, lost!)
  gone.when(step('Lapse'), { today: '2026-07-08' }).thenNothing()
  gone.when(step('Lapse'), { today: '2026-07-09' }).thenTypes('CardLossLapsed')
  gone.when(step('WithdrawLoss')).thenTypes('CardLossWithdrawn')
})
test('O§1.5 the old card is replaced when the new one is handed over; a lost one cannot come back after that', () => {
  const again = after(
    ...([apply(), step('Verify'), step('Produce'), step('Issue'), step('Activate'), step('Lose')] as const),
    step('Reissue', 'LOST'),
    step('Verify', '', 'c2'),
    step('Produce', '', 'c2'),
  )
  assert.deepEqual(statuses(again), ['REISSUING', 'READY'])
  history(...again)
    .when(step('WithdrawLoss'))
    .thenRefused('CARD_STATE')
  const issued = history(...again)
    .when(step('Issue', '', 'c2'))
    .thenTypes('CardReplaced', 'CardIssued')
  assert.deepEqual(statuses([...again, ...issued]), ['REPLACED', 'ISSUED'])
})
test('O§1.5 a refused new card gives the old one back as it was', () => {
  const asked = [
    ...active,
    ...history(...active)
      .when(step('Reissue', 'DAMAGED'))
      .events(),
  ]
  history(...asked)
    .when(step('Reject', 'NO_MATCH', 'c2'))
    .thenTypes('CardDataRejected', 'CardActivated')
  history(...active)
    .when(step('Reissue', 'WHIM'))
    .thenRefused('CARD_REASON')
})
test('O§1.5 the electronic card ends when the card leaves use', () => {
  const signed = [
    ...active,
    ...history(...active)
      .when(step('SignECard'))
      .thenTypes('ECardSigned'),
  ]
  history(...signed)
    .when(step('SignECard'))
    .thenNothing()
  history(...signed)
    .when(step('Freeze', 'COURT'))
    .thenTypes('CardFrozen', 'ECardRevoked')
})
test('O§1.7 death cancels every open card', () => {
  const cancel: CardCommand = { type: 'CancelAll', personId: 'p1', reason: 'DEATH' }
  const done = history(...active)
    .when(cancel)
    .thenTypes('CardCancelled')
  history(...active, ...done)
    .when(cancel)
    .thenNothing()
})
test('O§1.5 whatever happens, at most one card lives', () => {
  const names: CardStep[] = [
    ...(['Verify', 'Reject', 'Produce', 'Issue', 'Activate', 'LoseForNow', 'Lose', 'WithdrawLoss'] as const),
    ...(['Reissue', 'Freeze', 'Unfreeze', 'Cancel'] as const),
  ]
  const reasons: Partial<Record<CardStep, string>> = { Reissue: 'LOST', Freeze: 'RISK', Cancel: 'EXIT', Reject: 'NO' }
  const anyStep = fc.record({ name: fc.constantFrom('Apply' as const, ...names), card: fc.nat(4) })
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (list) => {
      const events: CardEvent[] = []
      list.forEach(({ name, card }, at) => {
        const made = `n${at}`
        const cards = fold(cardDecider, events).cards
        const target = cards[card % Math.max(1, cards.length)]?.cardId ?? 'none'
        const command = name === 'Apply' ? apply(true, made) : step(name, reasons[name], target, made)
        try {
          events.push(...cardDecider.decide(fold(cardDecider, events), command, world))
        } catch (error) {
          assert.match(String((error as { reason?: string }).reason), /^CARD_/)
        }
        assert.ok(fold(cardDecider, events).cards.filter((one) => live.includes(one.status)).length <= 1)
      })
    }),
  )
})
