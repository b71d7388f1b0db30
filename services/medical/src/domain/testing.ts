// Bills and law for tests: the shipped policy, with values of a case laid over it.
import type { PolicyOn } from '@jinbao/core'
import { loadPolicy, shippedPolicy } from '@jinbao/policy'
import {
  HospitalLevel,
  ItemClass,
  OffRegion,
  type PricedItem,
  type Standing,
  Treatment,
} from '@jinbao/proto/medical/v1/events.ts'
import { type BillFacts, noYear } from './figures.ts'

export const shipped = loadPolicy(shippedPolicy)
export const law = (place: string): PolicyOn => shipped.policyOn(place)

/** `extra` is a file of dated values for a place that stands under nothing but the nation. */
export function trialLaw(extra: string): PolicyOn {
  const place = "code: '990000'\nzh: 试点\nen: Trial\nparent: '000000'\nkind: province\npoolingRegion: '990000'\n"
  const files = { '990000/place.yaml': place, '990000/medical.yaml': extra }
  return loadPolicy(shippedPolicy, files).policyOn('990000')
}

export const fen = (yuan: string): bigint => {
  const [whole = '0', part = ''] = yuan.replaceAll(',', '').split('.')
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
}

export const standing = (change: Partial<Standing> = {}): Standing => ({
  covered: true,
  reason: '',
  retired: false,
  level: HospitalLevel.LEVEL_3,
  place: '110000',
  offRegion: OffRegion.HOME,
  layers: [],
  ...change,
})

const classes = { A: ItemClass.CLASS_A, B: ItemClass.CLASS_B, C: ItemClass.CLASS_C }

export const item = (
  line: number,
  kind: 'A' | 'B' | 'C',
  yuan: string,
  firstPay = '',
  ceiling = '0',
  on = '2026-03-10',
): PricedItem => ({
  line,
  code: `${kind}${line}`,
  on,
  amountFen: fen(yuan),
  class: classes[kind],
  firstPay,
  ceilingFen: fen(ceiling),
  catalogue: '000000 2026-01-01',
})

export const bill = (
  items: readonly PricedItem[],
  change: Partial<Omit<BillFacts, 'standing'>> & { standing?: Partial<Standing> } = {},
): BillFacts => ({
  treatment: Treatment.INPATIENT,
  items,
  before: noYear,
  source: { stream: 'medical-year-p1-2026' },
  ...change,
  standing: standing(change.standing),
})
