import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { story } from '@jinbao/core/story.ts'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { Confidence } from '@jinbao/proto/identity/v1/events.ts'
import { type PersonCommand, personDecider } from './person.ts'
import type { PersonEvent } from './person-state.ts'
import { second, world } from './testing.ts'

const history = story(personDecider, world)
const personId = 'p1'
const sealed = Buffer.from('sealed')
const registered: PersonEvent = {
  type: 'PersonRegistered',
  data: { personId, birthMonth: '1988-01', sex: Sex.MALE, sealed, keyId: personId, blindIndexes: ['number:a'] },
}
const dead = (diedOn = '2026-06-01', sourceSystem = 'POLICE', confidence: Confidence = Confidence.CONFIRMED) => ({
  type: 'ReportDeath' as const,
  data: { personId, diedOn, sourceSystem, confidence, documentId: 'd1' },
})
const died = history(registered).when(dead()).events()
const correction = (movesDates: boolean, basedOn = 1): PersonCommand => ({
  type: 'Correct',
  data: { personId, birthMonth: '1987-12', sex: Sex.MALE, sealed, blindIndexes: ['birth:b'], proofId: 'd2' },
  movesDates,
  basedOn,
})

describe('O§1.4 person', () => {
  test('O§1.4 registering twice is once; an unknown person has no number to change', () => {
    const data = registered.data as never
    history().when({ type: 'Register', data }).thenEvents(registered)
    history(registered).when({ type: 'Register', data }).thenNothing()
    history().when(dead()).thenRefused('PERSON_UNKNOWN')
  })
  test('ID-06 ID-09 a new number needs proof and the record as it was read', () => {
    const data = { personId, sealed, blindIndexes: ['number:c'], on: '2026-06-30', proofId: 'd1' }
    history(registered).when({ type: 'ChangeNumber', data, basedOn: 1 }).thenTypes('IdentityNumberChanged')
    history(registered)
      .when({ type: 'ChangeNumber', data: { ...data, proofId: '' }, basedOn: 1 })
      .thenRefused('PROOF_MISSING')
    history(registered, { type: 'IdentityNumberChanged', data })
      .when({ type: 'ChangeNumber', data, basedOn: 1 })
      .thenRefused('RECORD_CHANGED')
    history(registered)
      .when({ type: 'ChangeNumber', data: { ...data, on: '2026-07-02' }, basedOn: 1 })
      .thenRefused('BAD_DAY')
  })
  test('O§1.4 a name is corrected by one, a birth date by two', () => {
    history(registered).when(correction(false)).thenTypes('PersonDataCorrected')
    const proposed = history(registered).when(correction(true)).thenTypes('CorrectionProposed')
    const waiting = history(registered, ...proposed)
    waiting.when({ type: 'ApproveCorrection' }).thenRefused('SAME_OFFICER')
    waiting.when(correction(true)).thenRefused('PROPOSAL_PENDING')
    const approval = waiting.when({ type: 'ApproveCorrection' }, second)
    const [event] = approval.thenTypes('PersonDataCorrected')
    assert.deepEqual(event?.type === 'PersonDataCorrected' && event.data.sealed, sealed)
    const state = approval.state()
    assert.equal(state.status !== 'unknown' && state.birthMonth, '1987-12')
    waiting
      .and(...approval.events())
      .when({ type: 'ApproveCorrection' }, second)
      .thenRefused('NOTHING_PROPOSED')
    waiting.when({ type: 'Decline', reason: 'NO_PROOF' }, second).thenTypes('ProposalDeclined')
  })
  test('O§1.4 missing by judgment, and back', () => {
    const data = { personId, on: '2026-05-01', judgmentId: 'j1' }
    const missing = history(registered).when({ type: 'DeclareMissing', data }).thenTypes('PersonDeclaredMissing')
    const gone = history(registered, ...missing)
    gone.when({ type: 'DeclareMissing', data }).thenNothing()
    gone.when({ type: 'EndMissing', data }).thenTypes('MissingEnded')
    gone.when(dead('2026-06-01', 'COURT')).thenTypes('DeathReported', 'DeathRegistered')
  })
})

describe('O§1.7 death', () => {
  test('O§1.7 confirmed news registers it, other news is only noted', () => {
    const rumour = dead('2026-06-01', 'RELATIVES', Confidence.REPORTED)
    const noted = history(registered).when(rumour).thenTypes('DeathReported')
    history(registered, ...noted)
      .when(rumour)
      .thenNothing()
    history(registered, ...noted)
      .when(dead())
      .thenTypes('DeathReported', 'DeathRegistered')
  })
  test('O§1.7 the same death twice is once; another day is no silent change', () => {
    history(registered, ...died)
      .when(dead())
      .thenNothing()
    history(registered, ...died)
      .when(dead('2026-06-02'))
      .thenRefused('DEATH_DAY_DIFFERS')
    history(registered).when(dead('2026-07-02')).thenRefused('BAD_DAY')
    history(registered).when(dead('1980-01-01')).thenRefused('BAD_DAY')
    history(registered).when(dead('2026-06-01', '')).thenRefused('DEATH_SOURCE_MISSING')
  })
  test('O§1.7 nothing of a dead person is corrected', () =>
    void history(registered, ...died)
      .when(correction(false))
      .thenRefused('PERSON_DEAD'))
  test('O§1.4 O§1.7 a death is revoked by two on proof of life', () => {
    const revoke: PersonCommand = { type: 'RevokeDeath', proofId: 'alive' }
    history(registered).when(revoke).thenRefused('NOT_DEAD')
    const proposed = history(registered, ...died)
      .when(revoke)
      .thenTypes('DeathRevocationProposed')
    const waiting = history(registered, ...died, ...proposed)
    waiting.when({ type: 'ApproveDeathRevocation' }).thenRefused('SAME_OFFICER')
    waiting.when({ type: 'ApproveCorrection' }, second).thenRefused('NOTHING_PROPOSED')
    const done = waiting.when({ type: 'ApproveDeathRevocation' }, second).thenTypes('DeathRevoked')
    waiting
      .and(...done)
      .when(dead('2026-06-02'))
      .thenTypes('DeathReported', 'DeathRegistered')
  })
})

test('O§1.6 a merged record redirects until the merge is reverted', () => {
  history(registered).when({ type: 'MergeInto', survivorId: personId }).thenRefused('SAME_RECORD')
  const merged = history(registered).when({ type: 'MergeInto', survivorId: 'p2' }).thenTypes('PersonsMerged')
  const gone = history(registered, ...merged)
  gone.when(dead()).thenRefused('PERSON_MERGED')
  gone.when({ type: 'MergeInto', survivorId: 'p2' }).thenNothing()
  gone.when({ type: 'MergeInto', survivorId: 'p3' }).thenRefused('PERSON_MERGED')
  const back = gone.when({ type: 'RevertMerge' }).thenTypes('PersonMergeReverted')
  gone
    .and(...back)
    .when(dead())
    .thenTypes('DeathReported', 'DeathRegistered')
})

test('ID-10 forgetting needs two, then nothing is read or changed; the day of death can still come', () => {
  const asked = history(registered).when({ type: 'Forget', reason: 'RETENTION_OVER' }).thenTypes('ForgettingProposed')
  history(registered).when({ type: 'Forget', reason: '' }).thenRefused('REASON_MISSING')
  const waiting = history(registered, ...asked)
  waiting.when({ type: 'ApproveForgetting' }).thenRefused('SAME_OFFICER')
  const done = waiting.when({ type: 'ApproveForgetting' }, second).thenTypes('PersonForgotten')
  const forgotten = waiting.and(...done)
  forgotten.when({ type: 'ApproveForgetting' }, second).thenNothing()
  forgotten.when(correction(false)).thenRefused('FORGOTTEN')
  forgotten.when(dead()).thenTypes('DeathReported', 'DeathRegistered')
})
