import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Calc, formatFen, parseYuan, toFen } from '@jinbao/core'
import { type DeathFacts, deathBenefit } from './survivors.ts'
import { cases, lawWith } from './testing.ts'

interface Case {
  rule: string
  why: string
  income: string
  parts?: string
  drawnParts?: string
  months: number
  drawn?: number
  own?: string
  elsewhere?: boolean
  funeral: string
  survivors: string
  sum: string
}

const from = '2021-09-01'
const lawOf = ({ income, parts, drawnParts }: Case) =>
  lawWith({
    'survivor.incomeBase': [{ from, value: income }],
    ...(parts ? { 'survivor.partYearRule': [{ from, word: parts }] } : {}),
    ...(drawnParts ? { 'survivor.drawnPartYearRule': [{ from, word: drawnParts }] } : {}),
  })
const factsOf = ({ months, drawn, own = '0.00', elsewhere = false }: Case): DeathFacts => ({
  stream: 'pension-account-p1',
  diedOn: '2025-10-05',
  contributedMonths: months,
  drawnMonths: drawn,
  ownFen: parseYuan(own)!,
  funeralElsewhere: elsewhere,
})

describe('P§2.11 death benefits', () => {
  for (const one of cases<Case[]>('survivors.cases.yaml'))
    test(`${one.rule} ${one.why}`, () => {
      const calc = Calc.recording()
      const { funeral, survivors } = deathBenefit(calc, lawOf(one), factsOf(one))
      assert.equal(formatFen(toFen(funeral)), one.funeral)
      assert.equal(formatFen(toFen(survivors)), one.survivors)
      assert.equal(formatFen(toFen(funeral) + toFen(survivors)), one.sum)
      const plain = deathBenefit(Calc.plain(), lawOf(one), factsOf(one))
      assert.equal(toFen(plain.survivors), toFen(survivors))
    })
})
