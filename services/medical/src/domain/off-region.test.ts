import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OffRegion, OffRegionGround } from '@jinbao/proto/medical/v1/events.ts'
import { history, personId, told } from './account.example.ts'
import type { AccountCommand, OpenAccount } from './account.ts'
import { groupOn } from './off-region.ts'
import { law } from './testing.ts'

describe('O§3.5 treatment elsewhere', () => {
  const data = {
    personId,
    registrationId: 'o1',
    ground: OffRegionGround.REFERRAL,
    places: ['310000'],
    from: '2026-03-01',
    to: '',
    documentId: 'd1',
  }
  const apply = (change: Partial<typeof data> = {}): AccountCommand => ({
    type: 'ApplyOffRegion',
    personId,
    data: { ...data, ...change } as never,
  })
  const on = (type: 'ActivateOffRegion' | 'CancelOffRegion' | 'ExpireOffRegion'): AccountCommand => ({
    type,
    personId,
    registrationId: 'o1',
  })
  const group = (day: string, emergency: boolean, ...commands: AccountCommand[]) =>
    groupOn((told(...commands).state() as OpenAccount).registrations, '310115', day, emergency)

  test('O§3.5 a referral is valid for six months at least and waits for the officer', () => {
    history().when(apply()).thenTypes('OffRegionApplied')
    history()
      .when(apply({ to: '2026-08-31' }))
      .thenRefused('REFERRAL_TOO_SHORT')
    assert.equal(group('2026-08-31', false, apply()), undefined)
    assert.equal(group('2026-08-31', false, apply(), on('ActivateOffRegion')), OffRegion.TEMPORARY)
    assert.equal(group('2026-09-02', false, apply(), on('ActivateOffRegion')), undefined)
  })
  test('O§3.5 emergency counts as registered; self-registration gets the lower ratio; residence is as at home', () => {
    assert.equal(group('2026-04-01', true), OffRegion.TEMPORARY)
    assert.equal(
      group('2026-04-01', false, apply({ ground: OffRegionGround.SELF, documentId: '' } as never)),
      OffRegion.UNREGISTERED,
    )
    assert.equal(
      group('2026-04-01', true, apply({ ground: OffRegionGround.RESIDENCE } as never), on('ActivateOffRegion')),
      OffRegion.LONG_TERM,
    )
  })
  test('O§3.5 a certificate is used once; a registration ends, expires and does not come back', () => {
    told(apply())
      .when(apply({ registrationId: 'o2' }))
      .thenRefused('CERTIFICATE_USED')
    told(apply()).when(on('CancelOffRegion')).thenTypes('OffRegionCancelled')
    told(apply(), on('CancelOffRegion')).when(on('ActivateOffRegion')).thenRefused('REGISTRATION_OVER')
    told(apply(), on('ActivateOffRegion')).when(on('ExpireOffRegion')).thenTypes('OffRegionExpired')
    history().when(on('ActivateOffRegion')).thenRefused('REGISTRATION_UNKNOWN')
    history()
      .when(apply({ documentId: '' }))
      .thenRefused('DOCUMENT_MISSING')
    told(apply())
      .when({ type: 'ChangeOffRegion', personId, registrationId: 'o1', places: ['440000'], to: '2027-03-01' })
      .thenTypes('OffRegionChanged')
  })
  test('O§3.4 O§3.7 listed diseases need a certificate each; layers must be known to the region', () => {
    const disease = (one: string): AccountCommand => ({
      type: 'RegisterDisease',
      personId,
      data: { personId, disease: one, from: '2026-01-01', to: '', certificateId: 'z1' },
    })
    history().when(disease('DIALYSIS')).thenTypes('ChronicDiseaseListed')
    history().when(disease('COLD')).thenRefused('DISEASE_UNKNOWN')
    told(disease('DIALYSIS')).when(disease('TUMOUR')).thenRefused('CERTIFICATE_USED')
    const layer: AccountCommand = {
      type: 'GrantLayer',
      personId,
      data: { personId, layer: 'CIVIL_SERVANT', from: '2026-01-01', to: '' },
    }
    history().when(layer).thenRefused('LAYER_UNKNOWN')
    history()
      .when(layer, { policyOn: law('650100') })
      .thenTypes('LayerGranted')
  })
})
