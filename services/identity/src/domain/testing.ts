import { type PolicyOn, q, type World } from '@jinbao/core'

/** card.temporaryLossDays */
const policyOn = (() => ({ value: () => q.integer(7) })) as unknown as PolicyOn
export const world: World = {
  now: '2026-07-01T02:00:00Z',
  today: '2026-07-01',
  place: 'test',
  policyOn,
  by: { subject: 'officer-1', roles: ['officer'] },
}
export const second = { by: { subject: 'officer-2', roles: ['reviewer'] } }
