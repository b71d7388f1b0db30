import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { credit, personId, told } from './account.example.ts'
import type { AccountCommand } from './account.ts'
import { fen } from './testing.ts'

describe('O§3.2 retirement', () => {
  const years = (count: number) => {
    const months = Array.from({ length: count * 12 }, (_, i) => i)
    return months.map((i) =>
      credit(`${2000 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`, { accountFen: 0n, baseFen: 0n }),
    )
  }
  const retire = (sex: Sex): AccountCommand => ({ type: 'RecordRetirement', personId, sex, month: '2026-06' })
  test('MED-14 a woman in Beijing needs 20 years, a man 25; MED-02 then nobody pays', () => {
    const [woman] = told(...years(20))
      .when(retire(Sex.FEMALE))
      .thenTypes('RetirementRecorded')
    assert.equal(woman?.type === 'RetirementRecorded' && woman.data.lifetime, true)
    told(...years(20), retire(Sex.FEMALE))
      .when(credit('2026-07'))
      .thenRefused('RETIREE_DOES_NOT_PAY')
    const [man] = told(...years(20))
      .when(retire(Sex.MALE))
      .thenTypes('RetirementRecorded')
    assert.deepEqual(man?.type === 'RetirementRecorded' && [man.data.lifetime, man.data.requiredMonths], [false, 300])
  })
  test('MED-14 the missing months are paid as a lump sum or month by month', () => {
    const pay = (months: number): AccountCommand => ({ type: 'PayShortfall', personId, months, receiptId: 's1' })
    told(...years(20), retire(Sex.MALE))
      .when(pay(61))
      .thenRefused('SHORTFALL_TOO_LARGE')
    told(...years(20), retire(Sex.MALE))
      .when(pay(60))
      .thenTypes('ShortfallPaid', 'LifetimeCoverGranted')
    told(...years(20), retire(Sex.MALE), pay(59))
      .when(credit('2026-07'))
      .thenTypes('MonthCredited', 'LifetimeCoverGranted')
    told(...years(20))
      .when(pay(1))
      .thenRefused('NOT_RETIRED')
  })
  test('MED-04 a retiree gets a fixed amount a month, by age, once', () => {
    const monthly = (month: string): AccountCommand => ({
      type: 'CreditRetiree',
      personId,
      birthMonth: '1956-08',
      month,
    })
    const retired = [...years(20), retire(Sex.FEMALE)]
    const made = told(...retired)
      .when(monthly('2026-08'))
      .thenTypes('RetireeCredited', 'RetireeCredited')
    const amounts = made.map((event) => event.type === 'RetireeCredited' && [event.data.month, event.data.amountFen])
    assert.deepEqual(amounts, [
      ['2026-07', fen('100')],
      ['2026-08', fen('110')],
    ])
    const died: AccountCommand = { type: 'RegisterDeath', personId, diedOn: '2026-07-31' }
    told(...retired, died)
      .when(monthly('2026-08'))
      .thenTypes('RetireeCredited')
    told(...years(20), retire(Sex.FEMALE), monthly('2026-07'))
      .when(monthly('2026-07'))
      .thenNothing()
    told(...years(20), retire(Sex.FEMALE))
      .when(monthly('2026-06'))
      .thenNothing()
  })
})
