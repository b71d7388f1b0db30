// Steps while a calculation runs, and the writing of them into the document.
import type { Op, Step, Unit } from './explanation.ts'
import type { Asked, Title } from './policy.ts'
import type { Rational } from './rational.ts'
import { formatRational } from './rational.ts'

export type More = Pick<Step, 'round' | 'comparison' | 'months' | 'row' | 'policy' | 'source'>

/** A step before it has its id and its texts: recording is kept cheap, the document is written once. */
export interface Draft {
  readonly op: Op
  readonly name: (Title & { readonly id: string }) | undefined
  readonly unit: Unit
  readonly value: Rational | string
  readonly args: readonly number[]
  readonly more: More | undefined
  asked?: Asked[]
}

/** Unique ids: that of the label or policy key, numbered from its second use; the operation where there is none. */
export function idsOf(drafts: readonly Draft[]): string[] {
  const seen = new Map<string, number>()
  return drafts.map(({ op, name, more }) => {
    const named = name?.id ?? (op === 'policy' ? more?.policy?.key : undefined)
    const wanted = named ?? op
    const count = (seen.get(wanted) ?? 0) + 1
    seen.set(wanted, count)
    return named !== undefined && count === 1 ? wanted : `${wanted}#${count}`
  })
}

export function stepOf(draft: Draft, id: string, ids: readonly string[]): Step {
  const { op, name, unit, value, more, asked } = draft
  const args: string[] = []
  for (const at of draft.args) args.push(ids[at]!)
  const step = { id, op, args, value: typeof value === 'string' ? value : formatRational(value), unit }
  if (name) Object.assign(step, { rule: name.rule, zh: name.zh, en: name.en })
  if (more) Object.assign(step, more)
  return asked ? { ...step, asked } : step
}
