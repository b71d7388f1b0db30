import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type PolicyOn, q, type World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { Protection, RelationKind } from '@jinbao/proto/employment/v1/events.ts'
import { endReasons } from './reasons.ts'
import { type WorkerCommand, type WorkerEvent, workerDecider } from './worker.ts'

/** Original ages of Order 2024 §3: what the guard of the last five years asks for. */
const policyOn = (() => ({ value: (key: string) => q.integer(key.includes('M60') ? 720 : 600) })) as unknown as PolicyOn
const world: World = {
  now: '2026-07-01T02:00:00Z',
  today: '2026-07-01',
  place: 'test',
  policyOn,
  by: { subject: 'officer-1', roles: ['officer'] },
}
const history = story(workerDecider, world)

const personId = 'p1'
const registered = (birthMonth = '1990-05', sex: Sex = Sex.FEMALE): WorkerEvent => ({
  type: 'WorkerRegistered',
  data: { personId, birthMonth, sex },
})
const hire = (relationId: string, from: string, main = true): WorkerEvent & { type: 'HireFiled' } => ({
  type: 'HireFiled',
  data: {
    relationId,
    personId,
    employerId: 'e1',
    from,
    kind: main ? RelationKind.OPEN_ENDED : RelationKind.PART_TIME,
    main,
    wageFen: 800_000n,
  },
})
const filing = (event: WorkerEvent & { type: 'HireFiled' }, employerKnown = true): WorkerCommand => ({
  type: 'FileHire',
  data: event.data,
  employerKnown,
})
const end = (reason: string, on = '2026-06-30', relationId = 'r1'): WorkerCommand => ({
  type: 'FileTermination',
  data: { personId, relationId, on, reason },
})
const ended = (reason: string, on = '2026-06-30', relationId = 'r1'): WorkerEvent => ({
  type: 'RelationEnded',
  data: { personId, relationId, employerId: 'e1', on, reason },
})
const protection = (kind: Protection, from: string, to = ''): WorkerEvent => ({
  type: 'ProtectionRecorded',
  data: { personId, kind, from, to },
})

describe('O§2.1 hire', () => {
  const first = hire('r1', '2026-07-01')
  test('O§2.1 a hire is filed once; filing it again changes nothing', () => {
    history(registered()).when(filing(first)).thenEvents(first)
    history(registered(), first).when(filing(first)).thenNothing()
  })
  test('O§2.1 one main relation at a time, part-time relations may stand beside it', () => {
    history(registered(), first)
      .when(filing(hire('r2', '2026-08-01')))
      .thenRefused('MAIN_RELATION_EXISTS')
    history(registered(), first)
      .when(filing(hire('r2', '2026-08-01', false)))
      .thenTypes('HireFiled')
    history(registered(), first, ended('T10', '2026-07-31'))
      .when(filing(hire('r2', '2026-08-01')))
      .thenTypes('HireFiled')
    history(registered(), first, ended('T10', '2026-08-01'))
      .when(filing(hire('r2', '2026-08-01')))
      .thenRefused('MAIN_RELATION_EXISTS')
  })
  test('DC-11 nobody under 16 is hired', () => {
    history(registered('2010-08')).when(filing(first)).thenRefused('UNDER_AGE')
    history(registered('2010-07')).when(filing(first)).thenTypes('HireFiled')
  })
  test('O§2.1 unknown worker, unknown employer, bad day, bad wage, no kind are refused by name', () => {
    history().when(filing(first)).thenRefused('WORKER_UNKNOWN')
    history(registered()).when(filing(first, false)).thenRefused('EMPLOYER_UNKNOWN')
    history(registered())
      .when(filing(hire('r1', '2026-02-30')))
      .thenRefused('BAD_DAY')
    const free = { ...first, data: { ...first.data, wageFen: 0n } }
    history(registered()).when(filing(free)).thenRefused('BAD_WAGE')
    const kindless = { ...first, data: { ...first.data, kind: RelationKind.RELATION_KIND_UNSPECIFIED } }
    history(registered()).when(filing(kindless)).thenRefused('KIND_MISSING')
  })
})

describe('O§2.1 end of a relation', () => {
  const hired = hire('r1', '2009-03-01')
  test('O§2.1 every reason T01 to T14 ends a relation; nine of them are involuntary (R13 art. 13)', () => {
    for (const reason of Object.keys(endReasons))
      history(registered(), hired).when(end(reason)).thenEvents(ended(reason))
    const involuntary = Object.entries(endReasons).filter(([, { involuntary }]) => involuntary)
    assert.deepEqual(
      involuntary.map(([code]) => code),
      ['T01', 'T02', 'T03', 'T04', 'T05', 'T06', 'T07', 'T08', 'T09'],
    )
  })
  test('O§2.1 the same end again is no error, another end is refused', () => {
    history(registered(), hired, ended('T10')).when(end('T10')).thenNothing()
    history(registered(), hired, ended('T10')).when(end('T06')).thenRefused('RELATION_ENDED')
    history(registered(), hired).when(end('T15')).thenRefused('REASON_UNKNOWN')
    history(registered(), hired).when(end('T10', '2009-02-28')).thenRefused('BEFORE_START')
    history(registered(), hired)
      .when(end('T10', '2026-06-30', 'r9'))
      .thenRefused('RELATION_UNKNOWN')
  })
  test('O§2.1 LCL art. 42 forbids T06 and T07 while a protection lasts, not other ends', () => {
    const pregnant = protection(Protection.MATERNITY_PROTECTION, '2026-03-01')
    for (const reason of ['T06', 'T07'])
      history(registered(), hired, pregnant).when(end(reason)).thenRefused('DISMISSAL_PROTECTED')
    history(registered(), hired, pregnant).when(end('T05')).thenTypes('RelationEnded')
    history(registered(), hired, protection(Protection.SICK_LEAVE, '2026-03-01', '2026-04-30'))
      .when(end('T06'))
      .thenTypes('RelationEnded')
  })
  test('O§2.1 LCL art. 42(5): 15 years of service and fewer than 5 to retirement', () => {
    history(registered('1968-06', Sex.MALE), hired).when(end('T06')).thenRefused('DISMISSAL_PROTECTED')
    history(registered('1971-07', Sex.MALE), hired).when(end('T06')).thenTypes('RelationEnded')
    history(registered('1968-06', Sex.MALE), hire('r1', '2012-01-01')).when(end('T06')).thenTypes('RelationEnded')
  })
  test('O§2.1 a worker with grade 1 to 4 keeps the relation (WIR art. 35)', () => {
    history(registered(), hired, protection(Protection.INJURY_GRADE_1_TO_4, '2025-01-01'))
      .when(end('T04'))
      .thenRefused('GRADE_KEEPS_RELATION')
  })
  test('O§2.1 a record filed in error is voided unless a contribution month hangs on it', () => {
    const voiding = (monthsAttached: boolean): WorkerCommand => ({
      type: 'VoidRelation',
      data: { personId, relationId: 'r1' },
      monthsAttached,
    })
    history(registered(), hired).when(voiding(true)).thenRefused('MONTHS_ATTACHED')
    history(registered(), hired).when(voiding(false)).thenTypes('RelationVoided')
  })
})

describe('O§1.7 death', () => {
  const hired = hire('r1', '2020-01-01')
  const side = hire('r2', '2021-01-01', false)
  const dies: WorkerCommand = { type: 'RegisterDeath', diedOn: '2026-06-10' }
  test('O§1.7 a death ends every open relation with T13, once', () => {
    const events = history(registered(), hired, side)
      .when(dies)
      .thenTypes('WorkerDied', 'RelationEnded', 'RelationEnded')
    history(registered(), hired, side, ...events)
      .when(dies)
      .thenNothing()
    history(registered(), hired, side, ...events)
      .when(filing(hire('r3', '2026-07-01')))
      .thenRefused('WORKER_DEAD')
  })
  test('O§1.7 a revoked death restores what it ended and nothing else', () => {
    const events = history(registered(), hired, side, ended('T10', '2026-01-31', 'r2'))
      .when(dies)
      .events()
    history(registered(), hired, side, ended('T10', '2026-01-31', 'r2'), ...events)
      .when({ type: 'RevokeDeath' })
      .thenTypes('WorkerDeathRevoked', 'RelationRestored')
  })
})

test('O§2.1 terms change, rest and resume', () => {
  const hired = hire('r1', '2020-01-01')
  const rests: WorkerEvent = {
    type: 'RelationSuspended',
    data: { personId, relationId: 'r1', from: '2026-03-01', reason: 'UNPAID_LEAVE' },
  }
  history(registered(), hired)
    .when({ type: 'SuspendRelation', data: rests.data as never })
    .thenEvents(rests)
  history(registered(), hired)
    .when({ type: 'ResumeRelation', data: { personId, relationId: 'r1', from: '2026-05-01' } })
    .thenRefused('NOT_SUSPENDED')
  history(registered(), hired, rests)
    .when({ type: 'ResumeRelation', data: { personId, relationId: 'r1', from: '2026-05-01' } })
    .thenTypes('RelationResumed')
  const same = { personId, relationId: 'r1', from: '2026-03-01', kind: RelationKind.OPEN_ENDED, wageFen: 800_000n }
  history(registered(), hired).when({ type: 'ChangeTerms', data: same }).thenNothing()
  history(registered(), hired)
    .when({ type: 'ChangeTerms', data: { ...same, wageFen: 900_000n } })
    .thenTypes('TermsChanged')
})
