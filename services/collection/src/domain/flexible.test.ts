import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Calc, type PolicyOn, toFen } from '@jinbao/core'
import { loadPolicy } from '@jinbao/policy'
import { flexibleAmounts, tierBase } from './flexible.ts'
import { baseTerms } from './terms.ts'

const on: PolicyOn = loadPolicy().policyOn('650000')
const law = on('2025-03-01')
const tierTerms = {
  ...baseTerms(law),
  average: law.value('wage.average.contribution'),
  tiers: law.table('contribution.flexible.tiers'),
}
const rates = {
  total: law.value('contribution.rate.pension.flexible'),
  account: law.value('contribution.rate.pension.toAccount'),
}
const at = (tier: string) => {
  const base = tierBase(Calc.plain(), tierTerms, tier)
  const { total, account, pool } = flexibleAmounts(Calc.plain(), base, rates)
  return { base: toFen(base), total: toFen(total), account: toFen(account), pool: toFen(pool) }
}

test('EX-2 C-14 C-15 the 60 % tier in Xinjiang: base 5,069, 1,013.80 of which 405.52 to the account', () => {
  assert.deepEqual(at('60'), { base: 506_900n, total: 101_380n, account: 40_552n, pool: 60_828n })
  assert.equal(at('60').total * 12n, 1_216_560n)
})

test('EX-2 C-14 the 300 % tier: base 25,344, monthly 5,068.80', () => {
  const { base, total } = at('300')
  assert.deepEqual([base, total], [2_534_400n, 506_880n])
})
