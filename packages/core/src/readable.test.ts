import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainedPension, lawOf } from './explain.example.ts'
import { Calc, label, type Unit, type Val } from './explain.ts'
import { yuan } from './money.ts'
import { parseRational } from './rational.ts'
import { readable } from './readable.ts'
import { CEIL_JIAO, floorTo, HALF_UP_YUAN, halfUp } from './rounding.ts'

const has = (text: string, ...lines: string[]) => {
  for (const line of lines) assert.ok(text.split('\n').includes(line), `no line “${line}” in\n${text}`)
}

test('EX-7 the pension reads in Chinese, formula by formula', () => {
  has(
    readable(explainedPension(), 'zh'),
    '对象：person 7f3kq',
    '地区 110000，适用 2026-07-31 的法律，依据截至 2026-08-05T02:00:00Z 已知的事实',
    '注意：本计算用到【示例值】，即尚未以公布文件核定的数值，结果不能作为正式依据。',
    '- 月养老金：5295.38 元',
    '1. 达到最低缴费年限：372 ≥ 180，成立〔P-4〕',
    '2. 缴费年限 = 372 ÷ 12，四舍五入到2位小数 = 31.00 年〔P§2.4〕',
    '4. 计发基数与指数化工资的平均值 = （12049.00 + 13316.55） ÷ 2 = 12682.775 元〔P§2.4〕',
    '5. 基础养老金 = 12682.775 × 31.00 × 1%，四舍五入到分（因“达到最低缴费年限”成立） = 3931.66 元〔P§2.4〕',
    '   其中 12682.775 元：计发基数与指数化工资的平均值（第 4 步）；31.00 年：缴费年限（第 2 步）；1%：每缴费一年的计发比例',
    '6. 计发年龄取法：取 INTERPOLATED〔P§2.6〕',
    '7. 计发月数 = 查表 pension.payoutMonths 的“60y4m”行 = 136.7 个月〔P§2.6〕',
    '- 缴费月数：372 个月 (1995-07 至 2026-06)，来源：记录 pension-account-7f3kq',
    '- 养老金计发基数 (pension.base)：12049.00 元 【示例值】，110000，自 2006-01-01 起施行，国发〔2005〕38号 第六条',
  )
})

test('EX-7 the pension reads in English', () => {
  has(
    readable(explainedPension(), 'en'),
    'Place 110000, law of 2026-07-31, facts known by 2026-08-05T02:00:00Z',
    'Note: this uses an [illustrative value], one not yet confirmed by a published document; it binds nobody.',
    '- monthly pension: 5295.38 yuan',
    '1. minimum period reached: 372 ≥ 180, holds [P-4]',
    '8. account pension = 186420.37 ÷ 136.7, rounded half up to the fen = 1363.72 yuan [P§2.6]',
    '   where 186420.37 yuan: account balance; 136.7 months: payout months (step 7)',
    '- account balance: 186420.37 yuan, from event evt-88',
  )
})

const about = { subject: {}, place: '990000', day: '2026-07-31', knownAt: '2026-07-31' }
const named = (id: string, unit: Unit = 'CNY') => label(id, 'X-1', unit, `${id}额`, id)

function bothLanguages(build: (calc: Calc, input: (id: string, text: string, unit?: Unit) => Val) => void) {
  const calc = Calc.recording()
  build(calc, (id, text, unit = 'CNY') => calc.input(named(id, unit), parseRational(text), {}))
  const explanation = calc.explain(about, {})
  return { zh: readable(explanation, 'zh'), en: readable(explanation, 'en') }
}

test('every operation has its sentence', () => {
  const { zh, en } = bothLanguages((calc, input) => {
    const [a, b, c] = [input('a', '100.05'), input('b', '40'), input('c', '3', 'DAYS')]
    calc.clamp(calc.round(a, HALF_UP_YUAN), b, a, named('kept'))
    calc.max(calc.sub(a, calc.add(b, b)), calc.literal(0), named('rest'))
    calc.min(a, b, named('less'))
    calc.round(a, CEIL_JIAO, named('up'))
    calc.div(a, c, named('third'))
    calc.choose(calc.compare(a, 'lt', b), a, b, named('chosen'))
    calc.split(yuanOf(calc), [a, b], [named('first'), named('second')])
    calc.sum([], named('nothing'))
    calc.div(a, calc.mul(c, calc.literal(2)), named('bracket'))
    calc.round(c, floorTo(0), named('days', 'DAYS'))
    calc.round(c, halfUp(4), named('index', 'INDEX'))
  })
  has(
    zh,
    '1. kept额 = （100.05，四舍五入到元），不低于 40.00、不高于 100.05 = 100.00 元〔X-1〕',
    '2. rest额 = 100.05 − （40.00 + 40.00）、0 中较大者 = 20.05 元〔X-1〕',
    '3. less额 = 100.05、40.00 中较小者 = 40.00 元〔X-1〕',
    '4. up额 = 100.05，进位到角 = 100.10 元〔X-1〕',
    '5. third额 = 100.05 ÷ 3 = 33.35 元〔X-1〕',
    '6. chosen额 = 40.00（因“100.05 < 40.00”不成立） = 40.00 元〔X-1〕',
    '7. first额 = 1.00 按 100.05 : 40.00 分配（最大余数法），第 1 份 = 0.71 元〔X-1〕',
    '9. nothing额 = 0 = 0.00 元〔X-1〕',
    '10. bracket额 = 100.05 ÷ （3 × 2） = 16.675 元〔X-1〕',
    '11. days额 = 3，舍去尾数到整数 = 3 天〔X-1〕',
    '12. index额 = 3，四舍五入到4位小数 = 3〔X-1〕',
  )
  has(
    en,
    '1. kept = (100.05, rounded half up to whole yuan), at least 40.00 and at most 100.05 = 100.00 yuan [X-1]',
    '2. rest = the greater of 100.05 − (40.00 + 40.00), 0 = 20.05 yuan [X-1]',
    '6. chosen = 40.00 (because “100.05 < 40.00” does not hold) = 40.00 yuan [X-1]',
    '7. first = share 1 of 1.00 split 100.05 : 40.00 (largest remainder) = 0.71 yuan [X-1]',
  )
})

function yuanOf(calc: Calc): Val {
  return calc.input(named('whole'), yuan(100n), {})
}

test('what does not end is shown as near, months as runs, a passing value with its last day', () => {
  const calc = Calc.recording()
  const third = calc.div(
    calc.input(named('a', 'INDEX'), parseRational('2'), {}),
    calc.literal(3),
    named('third', 'INDEX'),
  )
  const law = lawOf('rate', '16%', 'RATE')
  const relief = {
    ...law,
    policy: { ...law.policy, to: '2026-12-31', published: '2006-02-01', mark: 'likely' as const },
  }
  calc.mul(third, relief, named('share', 'INDEX'))
  const text = readable(calc.explain(about, {}), 'zh')
  has(
    text,
    '1. third额 = 2 ÷ 3 ≈0.666667〔X-1〕',
    '2. share额 = ≈0.666667 × 16% ≈0.106667〔X-1〕',
    '- rate (rate)：16% （待核实），全国，2006-01-01 至 2026-12-31 有效，2006-02-01 公布，国发〔2005〕38号 第六条',
  )
  assert.doesNotMatch(text, /示例值/)
})
