import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { explainedPension, lawOf, pension } from './explain.example.ts'
import { type Arg, Calc, label, labelOf, type Unit, type Val } from './explain.ts'
import { toFen, yuan } from './money.ts'
import { MonthSet } from './month.ts'
import { equal, formatRational, parseRational } from './rational.ts'
import { HALF_UP_FEN, halfUp } from './rounding.ts'

const about = { subject: {}, place: '990000', day: '2026-07-31', knownAt: '2026-07-31T00:00:00Z' }
const wage = label('wage', 'C-1', 'CNY', '工资', 'wage')
const amount = (id: string, unit: Unit = 'CNY') => label(id, 'C-5', unit, id, id)
const paid = (calc: Calc, fen: bigint) => calc.input(wage, yuan(fen), { event: 'e1' })

test('EX-7 the pension comes out to the fen, its explanation names every step', () => {
  const { basic, account, total } = pension(Calc.plain())
  assert.deepEqual([basic, account, total].map(toFen), [393166n, 136372n, 529538n])
  const explained = explainedPension()
  assert.deepEqual(explained.amounts, [
    { name: 'basic', step: 'basic', amountFen: '393166' },
    { name: 'account', step: 'accountPart', amountFen: '136372' },
    { name: 'total', step: 'total', amountFen: '529538' },
  ])
  const step = (id: string) => explained.steps.find((s) => s.id === id)
  assert.equal(step('years')?.value, '31')
  assert.equal(step('mean')?.value, '12682.775')
  assert.equal(step('months.paid')?.months, '1995-07..2026-06')
  assert.deepEqual(step('pension.base')?.asked, [{ place: '110000', day: '2026-07-31' }])
  assert.deepEqual(step('payoutAge')?.value, 'INTERPOLATED')
  assert.deepEqual(JSON.parse(JSON.stringify(explained)), explained)
})

test('ids are unique, arguments are earlier steps, a policy value and a literal are one step however often used', () => {
  const calc = Calc.recording()
  const rate = lawOf('rate', '0.08', 'RATE')
  const twice = calc.add(calc.mul(paid(calc, 100000n), rate), calc.mul(paid(calc, 50000n), rate))
  const total = calc.mul(calc.mul(twice, calc.literal(2)), calc.literal(2), labelOf(amount('total'), 2026))
  const { steps } = calc.explain(about, { total })
  assert.deepEqual(
    steps.map((s) => s.id),
    ['wage', 'rate', 'mul#1', 'wage#2', 'mul#2', 'add#1', 'literal#1', 'mul#3', 'total.2026'],
  )
  for (const [i, step] of steps.entries())
    for (const arg of step.args) assert.ok(steps.findIndex((s) => s.id === arg) < i)
  assert.deepEqual(steps.at(-1)?.zh, 'total（2026）')
})

test('a policy value remembers each day and place it was asked for, once', () => {
  const calc = Calc.recording()
  const rate = lawOf('rate', '0.08', 'RATE')
  const on = (day: string) => ({ ...rate, asked: { place: '110000', day } })
  const args = [on('2025-01-01'), on('2025-02-01'), on('2025-01-01')]
  const { steps } = calc.explain(about, { total: calc.mul(paid(calc, 100n), calc.sum(args)) })
  assert.deepEqual(
    steps.find((s) => s.op === 'policy')?.asked?.map((a) => a.day),
    ['2025-01-01', '2025-02-01'],
  )
})

test('a number without origin, or of another calculation, is a defect', () => {
  const calc = Calc.recording()
  assert.throws(() => calc.add(paid(calc, 1n), yuan(2n)), /without origin/)
  const other = Calc.recording()
  paid(other, 5n)
  assert.throws(() => calc.sum([paid(other, 9n)]), /without origin/)
  assert.throws(() => Calc.plain().explain(about, {}), /not recorded/)
})

test('G-02 an amount with a fraction of a fen cannot be explained as one', () => {
  const calc = Calc.recording()
  const third = calc.div(paid(calc, 100n), calc.literal(3))
  assert.throws(() => calc.explain(about, { third }), /not a whole number of fen/)
})

test('S-06 a split explains each share; a share that is not the split is a defect', () => {
  const weights = (calc: Calc) => [1, 1, 1].map((w) => calc.literal(w))
  const calc = Calc.recording()
  const total = paid(calc, 100n)
  const names = ['a', 'b', 'c'].map((id) => amount(id))
  const parts = calc.split(total, weights(calc), names)
  assert.deepEqual(parts.map(toFen), [34n, 33n, 33n])
  assert.deepEqual(Calc.plain().split(yuan(100n), weights(Calc.plain())).map(toFen), [34n, 33n, 33n])
  assert.equal(calc.explain(about, { a: parts[0]! }).steps.find((s) => s.id === 'b')?.row, '1')
  assert.equal(toFen(calc.allot(total, weights(calc), 0, yuan(34n))), 34n)
  assert.throws(() => calc.allot(total, weights(calc), 1, yuan(34n)), /largest-remainder/)
  assert.throws(() => calc.allot(total, weights(calc), 3, yuan(33n)), /largest-remainder/)
})

test('C-5 clamp: floor, ceiling, between, and the ceiling wins where they cross', () => {
  const clamp = (...of: [number, number, number]) => {
    const calc = Calc.plain()
    const [value, floor, ceiling] = of.map((v) => calc.literal(v))
    return formatRational(calc.clamp(value!, floor!, ceiling!))
  }
  assert.deepEqual([clamp(5, 10, 30), clamp(35, 10, 30), clamp(15, 10, 30), clamp(5, 30, 10)], ['10', '30', '15', '10'])
})

test('units of unnamed steps follow from their arguments', () => {
  const calc = Calc.recording()
  const of = (unit: Unit, text: string) => calc.input(amount(unit, unit), parseRational(text), {})
  const [money, rate, months] = [of('CNY', '100'), of('RATE', '0.08'), of('MONTHS', '12')]
  const values: [Val, Unit][] = [
    [calc.mul(rate, money), 'CNY'],
    [calc.mul(rate, rate), 'RATE'],
    [calc.mul(months, rate), 'MONTHS'],
    [calc.div(money, months), 'CNY'],
    [calc.div(money, money), 'RATE'],
    [calc.div(months, calc.literal(12)), 'MONTHS'],
    [calc.max(calc.literal(0), money), 'CNY'],
    [calc.compare(money, 'gt', calc.literal(3)), 'FLAG'],
    [calc.choose(calc.compare(money, 'gt', money), calc.literal(0), money), 'CNY'],
    [calc.round(money, HALF_UP_FEN), 'CNY'],
    [calc.split(money, [rate])[0]!, 'CNY'],
  ]
  const { steps } = calc.explain(about, {})
  for (const [value, unit] of values) assert.equal(steps[value.at!]?.unit, unit)
})

test('what cannot be computed throws the same with and without explanation', () => {
  const table = { rows: new Map([['a', yuan(1n)]]), unit: 'CNY', policy: lawOf('t', '0', 'CNY').policy }
  for (const calc of [Calc.plain(), Calc.recording()]) {
    assert.throws(() => calc.div(calc.literal(1), calc.literal(0)), RangeError)
    assert.throws(() => calc.lookup(table, 'b', amount('b')), /t has no row b/)
    assert.equal(toFen(calc.lookup(table, 'a', amount('a'))), 1n)
    assert.equal(calc.months(amount('m', 'MONTHS'), MonthSet.range('2020-01', '2020-03'), {}).n, 3n)
  }
})

type Build = (calc: Calc) => Val
const { tree } = fc.letrec<{ tree: Build }>((tie) => {
  const two = fc.tuple(tie('tree'), tie('tree'))
  const op2 = (f: (calc: Calc, a: Arg, b: Arg) => Val) =>
    two.map(
      ([a, b]): Build =>
        (c) =>
          f(c, a(c), b(c)),
    )
  return {
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.bigInt({ min: -999999n, max: 999999n }).map(
        (n): Build =>
          (c) =>
            paid(c, n),
      ),
      fc.integer({ min: -99, max: 99 }).map(
        (n): Build =>
          (c) =>
            c.literal(n),
      ),
      op2((c, a, b) => c.add(a, b)),
      op2((c, a, b) => c.sub(a, b)),
      op2((c, a, b) => c.mul(a, b)),
      op2((c, a, b) => (b.n === 0n ? c.min(a, b) : c.div(a, b))),
      op2((c, a, b) => c.max(a, b)),
      op2((c, a, b) => c.choose(c.compare(a, 'le', b), c.sum([a, b, a]), c.clamp(a, b, c.literal(7)))),
      fc.tuple(tie('tree'), fc.nat(6)).map(
        ([a, digits]): Build =>
          (c) =>
            c.round(a(c), halfUp(digits)),
      ),
    ),
  }
})

test('G-01 plain and recording calculations are equal on any expression', () => {
  fc.assert(
    fc.property(tree, (build) => {
      const calc = Calc.recording()
      const [plain, recorded] = [build(Calc.plain()), build(calc)]
      assert.ok(equal(plain, recorded))
      const { steps } = calc.explain(about, {})
      assert.equal(steps[recorded.at!]?.value, formatRational(plain))
    }),
  )
})
