import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ExplanationClaim, UnreadableDocument } from './document.ts'
import { changed, changedStep, honest as document, law, policyFolder } from './honest.testing.ts'
import { readRules } from './sources.ts'
import { verify } from './verify.ts'

const rules = readRules()
const withLaw = (document: unknown) => verify(document, { law, rules })
const alone = (document: unknown) => verify(document, { rules })
const named = (document: unknown, check = withLaw) => check(document).findings.map((one) => `${one.kind} ${one.step}`)

test('an honest document agrees, with and without the policy folder', () => {
  assert.deepEqual(withLaw(document).findings, [])
  assert.deepEqual(alone(document).findings, [])
  const { ok, policyChecked, stepCount, illustrative } = withLaw(document)
  assert.deepEqual([ok, policyChecked, stepCount], [true, true, document.steps.length])
  assert.deepEqual(illustrative, [])
  assert.ok(verify(document, { policyFolder }).ok)
})

/** A number near the old one, never equal to it. */
const bump = (value: string) => (/[./]/.test(value) ? `1${value}` : String(BigInt(value) + 1n))
const users = (id: string) => document.steps.filter((step) => step.args.includes(id)).map((step) => step.id)

test('any one computed or lawful number changed is named, and nothing else', () => {
  const facts = ['input', 'literal', 'word']
  const steps = document.steps.filter((step) => !facts.includes(step.op))
  assert.ok(steps.length > 20)
  for (const { id, op } of steps) {
    const kind = op === 'policy' || op === 'lookup' ? 'policy' : 'value'
    const found = named(
      changedStep(document, id, (step) => {
        step.value = step.unit === 'FLAG' ? '0' : bump(step.value)
      }),
    )
    assert.deepEqual(found, [`${kind} ${id}`])
  }
})

test('a fact that was changed is named at the steps that used it', () => {
  for (const { id, op } of document.steps.filter((step) => ['input', 'literal', 'policy'].includes(step.op))) {
    const found = alone(
      changedStep(document, id, (step) => void Object.assign(step, { value: bump(step.value) })),
    ).findings
    for (const one of found) assert.ok(users(id).includes(one.step), `${id}: ${one.step}`)
    if (op === 'input') assert.ok(found.length > 0 || id === 'wage', id)
  }
})

test('any one amount changed is named', () => {
  fc.assert(
    fc.property(fc.nat(document.amounts.length - 1), fc.bigInt({ min: -999n, max: 999n }), (at, by) => {
      fc.pre(by !== 0n)
      const lie = changed(document, ({ amounts }) => {
        const amount = amounts[at]!
        amount.amountFen = String(BigInt(amount.amountFen) + by)
      })
      const { findings } = withLaw(lie)
      assert.deepEqual(
        [findings.length, findings[0]?.kind, findings[0]?.amount],
        [1, 'amount', document.amounts[at]?.name],
      )
    }),
  )
})

test('any one digit of any number changed is found, unless it changes nothing', () => {
  const numbers = document.steps.flatMap((step) => (step.op === 'word' || step.op === 'input' ? [] : [step.id]))
  fc.assert(
    fc.property(fc.constantFrom(...numbers), fc.nat(12), fc.integer({ min: 1, max: 9 }), (id, where, by) => {
      const lie = changedStep(document, id, (step) => {
        const digits = [...step.value].flatMap((sign, i) => (/\d/.test(sign) ? [i] : []))
        const at = digits[where % digits.length]!
        step.value = `${step.value.slice(0, at)}${(Number(step.value[at]) + by) % 10}${step.value.slice(at + 1)}`
      })
      const found = new Set(withLaw(lie).findings.map((one) => one.step))
      const literal = document.steps.find((step) => step.id === id)?.op === 'literal'
      assert.ok(literal ? [...found].every((step) => users(id).includes(step)) : found.size === 1 && found.has(id), id)
    }),
    { numRuns: 300 },
  )
})

test('a chain of lies is named at its first step', () => {
  const lie = changed(document, ({ steps, amounts }) => {
    const total = steps.find((step) => step.id === 'total')!
    total.value = '9999.99'
    amounts.find((amount) => amount.name === 'total')!.amountFen = '999999'
  })
  assert.equal(named(lie)[0], 'value total')
  assert.ok(!withLaw(lie).ok)
})

test('what else can be false: rounding, months, comparison, branch, arguments, share', () => {
  const lies: [string, ExplanationClaim][] = [
    [
      'value full',
      changedStep(document, 'full', (step) => void Object.assign(step, { round: { mode: 'HALF_UP', digits: 0 } })),
    ],
    [
      'value part',
      changedStep(document, 'part', (step) => void Object.assign(step, { round: { mode: 'FLOOR', digits: 0 } })),
    ],
    ['value paid', changedStep(document, 'paid', (step) => void Object.assign(step, { months: '1995-07..2026-06' }))],
    [
      'value paid',
      changedStep(document, 'paid', (step) => void Object.assign(step, { months: `${step.months},2000-01` })),
    ],
    ['value paid', changedStep(document, 'paid', (step) => void Object.assign(step, { months: '2000-13' }))],
    ['value enough', changedStep(document, 'enough', (step) => void Object.assign(step, { comparison: 'lt' }))],
    ['value total', changedStep(document, 'total', (step) => void step.args.pop())],
    [
      'value basic',
      changedStep(document, 'basic', (step) => void step.args.splice(1, 2, step.args[2]!, step.args[1]!)),
    ],
    ['value employer', changedStep(document, 'employer', (step) => void Object.assign(step, { row: '1' }))],
    ['value employee', changedStep(document, 'employee', (step) => void Object.assign(step, { row: '7' }))],
    ['order full', changedStep(document, 'full', (step) => void step.args.splice(0, 1, 'total'))],
    ['order full', changedStep(document, 'full', (step) => void step.args.splice(0, 1, 'nowhere'))],
    ['order total', changed(document, ({ steps }) => void steps.push(steps.find((step) => step.id === 'total')!))],
    ['unit mean', changedStep(document, 'mean', (step) => void Object.assign(step, { unit: 'MONTHS' }))],
    ['unit enough', changedStep(document, 'enough', (step) => void Object.assign(step, { unit: 'CNY' }))],
    ['unit total', changedStep(document, 'total', (step) => void step.args.splice(0, 1, 'paid'))],
    ['amount years', changed(document, ({ amounts }) => void Object.assign(amounts[0]!, { step: 'years' }))],
    ['amount nowhere', changed(document, ({ amounts }) => void Object.assign(amounts[0]!, { step: 'nowhere' }))],
  ]
  for (const [finding, lie] of lies) assert.ok(named(lie).includes(finding), `${finding}: ${named(lie)}`)
})

test('a disagreement says what was expected, what was found and the law behind the step', () => {
  const lie = changedStep(document, 'part', (step) => void Object.assign(step, { value: '1363.73' }))
  const [finding] = withLaw(lie).findings
  assert.equal(finding?.found, '1363.73')
  assert.equal(finding?.expected, document.steps.find((step) => step.id === 'part')?.value)
  assert.deepEqual([finding?.zh, finding?.en, finding?.rule], ['part项', 'part', 'P§2.4'])
  assert.match(finding?.source ?? '', /国发〔2005〕38号/)
})

test('every step has a legal source: its own, its rule’s, or that of the step it is part of', () => {
  const { sources } = withLaw(document)
  assert.deepEqual(
    sources.map((one) => one.step),
    document.steps.map((step) => step.id),
  )
  for (const one of sources) assert.ok(one.rule && one.source, one.step)
  assert.equal(sources.find((one) => one.step === 'div#1')?.partOf, 'years')
})

test('division by zero is a finding, not a crash', () => {
  const divisor = document.steps.find((step) => step.id === 'mean')!.args[1]!
  const [finding] = alone(changedStep(document, divisor, (step) => void Object.assign(step, { value: '0' }))).findings
  assert.deepEqual([finding?.step, finding?.expected], ['mean', 'division by zero'])
})

test('what is no explanation document is refused, and says where', () => {
  const wrong: unknown[] = [
    undefined,
    [],
    {},
    { ...document, schema: 'jinbao.explanation/2' },
    { ...document, more: 1 },
    changedStep(document, 'wage', (step) => void Object.assign(step, { value: '1e3' })),
    changedStep(document, 'wage', (step) => void delete (step as { source?: unknown }).source),
    changedStep(document, 'part', (step) => void delete (step as { round?: unknown }).round),
    changedStep(document, 'payout', (step) => void delete (step as { policy?: unknown }).policy),
    changedStep(document, 'total', (step) => void Object.assign(step, { op: 'guess' })),
    changedStep(document, 'mean', (step) => void step.args.pop()),
    changed(document, ({ amounts }) => void Object.assign(amounts[0]!, { amountFen: '1.5' })),
  ]
  for (const one of wrong) assert.throws(() => alone(one), UnreadableDocument)
  assert.throws(() => alone({ ...document, place: 'Beijing' }), /\/place/)
})
