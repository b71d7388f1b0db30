// Recomputes an explanation document. Every step is judged by itself: it is wrong when it follows neither from its
// arguments as they are written nor from them as they should be, so that one false number is named once, where it is.
import { type AmountClaim, type ExplanationClaim, readDocument, type StepClaim } from './document.ts'
import * as f from './fraction.ts'
import { Law } from './law.ts'
import { lawFaults, lawfulValue } from './lawCheck.ts'
import { Impossible, recompute } from './recompute.ts'
import { type RuleSources, readRules, type StepSource, stepSources } from './sources.ts'
import { unitFault } from './units.ts'

export type FindingKind = 'value' | 'order' | 'unit' | 'amount' | 'policy'

export interface Finding {
  readonly kind: FindingKind
  /** The step that is wrong, or the one an amount names. */
  readonly step: string
  readonly amount?: string
  readonly zh?: string
  readonly en?: string
  readonly expected: string
  readonly found: string
  readonly rule?: string
  readonly source?: string
}

export interface Report {
  readonly ok: boolean
  readonly subject: Readonly<Record<string, string>>
  readonly place: string
  readonly day: string
  readonly knownAt: string
  readonly amounts: readonly AmountClaim[]
  readonly stepCount: number
  /** Whether policy values were compared with a policy folder. */
  readonly policyChecked: boolean
  /** Steps whose value is not confirmed by a published document. */
  readonly illustrative: readonly string[]
  readonly findings: readonly Finding[]
  readonly sources: readonly StepSource[]
}

export interface VerifyOptions {
  readonly policyFolder?: string
  /** The law already read, for many documents in a row. */
  readonly law?: Law
  readonly rules?: RuleSources
}

/** Throws UnreadableDocument, or UnreadableLaw; every disagreement is a finding. */
export function verify(document: unknown, options: VerifyOptions = {}): Report {
  const claim = readDocument(document)
  const law = options.law ?? (options.policyFolder === undefined ? undefined : Law.open(options.policyFolder))
  const sources = stepSources(claim.steps, options.rules ?? readRules())
  const findings = new Inspection(claim, law, sources).run()
  return {
    ok: findings.length === 0,
    subject: claim.subject,
    place: claim.place,
    day: claim.day,
    knownAt: claim.knownAt,
    amounts: claim.amounts,
    stepCount: claim.steps.length,
    policyChecked: law !== undefined,
    illustrative: claim.steps.filter((step) => step.policy?.mark === 'illustrative').map((step) => step.id),
    findings,
    sources: [...sources.values()],
  }
}

class Inspection {
  readonly #claim: ExplanationClaim
  readonly #law: Law | undefined
  readonly #sources: ReadonlyMap<string, StepSource>
  readonly #findings: Finding[] = []
  readonly #steps = new Map<string, StepClaim>()
  readonly #stated = new Map<string, f.Fraction>()
  /** Values as they should be: from the policy folder, or recomputed from arguments as they should be. */
  readonly #due = new Map<string, f.Fraction>()

  constructor(claim: ExplanationClaim, law: Law | undefined, sources: ReadonlyMap<string, StepSource>) {
    this.#claim = claim
    this.#law = law
    this.#sources = sources
  }

  run(): readonly Finding[] {
    for (const step of this.#claim.steps) this.#step(step)
    for (const amount of this.#claim.amounts) this.#amount(amount)
    return this.#findings
  }

  #report(kind: FindingKind, step: Pick<StepClaim, 'id' | 'zh' | 'en'>, expected: string, found: string, more = {}) {
    const { rule, source } = this.#sources.get(step.id) ?? {}
    this.#findings.push({
      kind,
      step: step.id,
      ...(step.zh === undefined ? {} : { zh: step.zh }),
      ...(step.en === undefined ? {} : { en: step.en }),
      expected,
      found,
      ...(rule ? { rule } : {}),
      ...(source ? { source } : {}),
      ...more,
    })
  }

  #step(step: StepClaim) {
    if (this.#steps.has(step.id)) return this.#report('order', step, 'an id used once', `${step.id} again`)
    const late = step.args.filter((arg) => !this.#steps.has(arg))
    if (late.length) this.#report('order', step, 'arguments that come earlier', late.join(', '))
    else this.#compute(step)
    this.#steps.set(step.id, step)
    if (this.#law && step.policy) {
      for (const { expected, found } of lawFaults(step, step.policy, this.#claim, this.#law))
        this.#report('policy', step, expected, found)
    }
  }

  #compute(step: StepClaim) {
    if (step.op === 'word') return
    const args = step.args.map((id) => this.#steps.get(id)).filter((arg) => arg !== undefined)
    const unit = unitFault(step, args)
    if (unit !== undefined) this.#report('unit', step, unit, step.unit)
    const missing = step.args.filter((id) => !this.#stated.has(id))
    if (missing.length) return this.#report('value', step, 'arguments with a number', missing.join(', '))
    const due = this.#result(step, this.#due)
    const plain = this.#result(step, this.#stated)
    const stated = f.read(step.value)
    const right = due instanceof Error ? stated : (due ?? (this.#law && lawfulValue(step, this.#law)) ?? stated)
    if (right) this.#due.set(step.id, right)
    const shown = stated ?? right
    if (shown) this.#stated.set(step.id, shown)
    if (stated && (agrees(due, stated) || agrees(plain, stated))) return
    this.#report('value', step, due instanceof Error ? due.message : right ? f.write(right) : 'a number', step.value)
  }

  #result(step: StepClaim, values: ReadonlyMap<string, f.Fraction>): f.Fraction | Error | undefined {
    const args = step.args.map((id) => values.get(id)).filter((value) => value !== undefined)
    try {
      return recompute(step, args)
    } catch (error) {
      if (error instanceof f.DivisionByZero || error instanceof Impossible) return error
      throw error
    }
  }

  #amount({ name, step: id, amountFen }: AmountClaim) {
    const step = this.#steps.get(id)
    const more = { amount: name }
    if (!step) return this.#report('amount', { id }, 'a step of the document', id, more)
    if (step.unit !== 'CNY') this.#report('amount', step, 'an amount in CNY', step.unit, more)
    const fen = f.fraction(BigInt(amountFen), 100n)
    const [stated, due] = [this.#stated.get(id), this.#due.get(id)]
    if ((stated && f.same(stated, fen)) || (due && f.same(due, fen))) return
    this.#report('amount', step, stated ? `${f.write(stated)} yuan` : 'a number', `${amountFen} fen`, more)
  }
}

/** A step that only states a fact agrees with itself. */
function agrees(result: f.Fraction | Error | undefined, stated: f.Fraction): boolean {
  return result === undefined || (!(result instanceof Error) && f.same(result, stated))
}
