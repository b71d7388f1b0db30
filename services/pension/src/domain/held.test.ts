import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import { ContributionHeld, HeldOutcome } from '@jinbao/proto/pension/v1/events.ts'
import { type HeldCommand, heldDecider } from './held.ts'

const world: World = {
  now: '2026-07-01T02:00:00Z',
  today: '2026-07-01',
  place: 'test',
  policyOn: () => assert.fail('no law is asked'),
  by: { subject: 'officer-1', roles: ['officer'] },
}
const history = story(heldDecider, world)
const data = ContributionHeld.create({
  heldId: 'h1',
  personId: 'p1',
  month: '2026-05',
  accountFen: 64_000n,
  reason: 'MONTH_AFTER_DEATH',
})
const held = { type: 'ContributionHeld' as const, data }
const settle = (outcome: HeldOutcome, proof = 'voucher-1'): HeldCommand => ({
  type: 'Settle',
  data: { heldId: 'h1', outcome, proof },
})

test('C-10 what the account refused is held once', () => {
  history().when({ type: 'Hold', data }).thenEvents(held)
  history(held).when({ type: 'Hold', data }).thenNothing()
})

test('C-10 it is settled once, with a proof, by a named officer', () => {
  const [settled] = history(held).when(settle(HeldOutcome.REFUNDED)).thenTypes('HeldContributionSettled')
  assert.ok(settled?.type === 'HeldContributionSettled' && settled.data.settledBy === 'officer-1')
  history(held, settled).when(settle(HeldOutcome.REFUNDED)).thenNothing()
  history(held, settled).when(settle(HeldOutcome.KEPT_BY_POOL)).thenRefused('HELD_SETTLED')
  history(held).when(settle(HeldOutcome.REFUNDED, '')).thenRefused('HELD_OUTCOME_MISSING')
  history(held).when(settle(HeldOutcome.HELD_OUTCOME_UNSPECIFIED)).thenRefused('HELD_OUTCOME_MISSING')
  history().when(settle(HeldOutcome.REFUNDED)).thenRefused('HELD_UNKNOWN')
})
