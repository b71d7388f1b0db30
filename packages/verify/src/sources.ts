// The legal source of every step: its policy value's document, its rule's, or those of the step it is part of.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import type { StepClaim } from './document.ts'

export interface StepSource {
  readonly step: string
  readonly rule?: string
  /** Document, number, article. Absent when neither the step nor the rule catalogue names one. */
  readonly source?: string
  /** The named step this one is part of, when it has no rule itself. */
  readonly partOf?: string
}

export type RuleSources = ReadonlyMap<string, string>

export const rulesFile = resolve(import.meta.dirname, '../../../docs/law/rules.yaml')

/** Sources by rule id of a catalogue `chapter: { id: { source } }`; none when there is no catalogue. */
export function readRules(file: string = rulesFile): RuleSources {
  if (!existsSync(file)) return new Map()
  const chapters = (parse(readFileSync(file, 'utf8'), { schema: 'failsafe' }) ?? {}) as Record<string, unknown>
  const rules = Object.values(chapters).flatMap((chapter) => Object.entries((chapter ?? {}) as Record<string, unknown>))
  return new Map(rules.map(([id, rule]) => [id, String((rule as { source?: unknown } | null)?.source ?? '')]))
}

export function stepSources(steps: readonly StepClaim[], rules: RuleSources): Map<string, StepSource> {
  const users = new Map<string, StepClaim>()
  for (const step of steps) for (const arg of step.args) if (!users.has(arg)) users.set(arg, step)
  const sources = new Map<string, StepSource>()
  for (const step of [...steps].reverse()) {
    const user = users.get(step.id)
    const above = user && sources.get(user.id)
    sources.set(step.id, sourceOf(step, rules, user, above))
  }
  return new Map([...sources].reverse())
}

function sourceOf(
  step: StepClaim,
  rules: RuleSources,
  user: StepClaim | undefined,
  above: StepSource | undefined,
): StepSource {
  const source = step.policy?.source ?? (step.rule ? rules.get(step.rule) : undefined)
  const own = { ...(step.rule ? { rule: step.rule } : {}), ...(source ? { source } : {}) }
  if (step.rule || source || !user || !above) return { step: step.id, ...own }
  const { rule, source: inherited, partOf = user.id } = above
  return { step: step.id, partOf, ...(rule ? { rule } : {}), ...(inherited ? { source: inherited } : {}) }
}
