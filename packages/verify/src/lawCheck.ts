// Checks one policy step against the folder: that the value stands there as claimed, and governed where it was asked.
import type { ExplanationClaim, PolicyClaim, StepClaim } from './document.ts'
import { type Fraction, read, same } from './fraction.ts'
import type { Law, LawEntry } from './law.ts'

export interface LawFault {
  readonly expected: string
  readonly found: string
}

const entryOf = (claim: PolicyClaim, law: Law) =>
  law
    .entries(claim.key, claim.place)
    .find((e) => e.from === claim.from && (e.published ?? '') === (claim.published ?? ''))

const cellOf = (step: StepClaim, entry: LawEntry) =>
  step.op === 'lookup' ? entry.rows?.[step.row ?? ''] : step.op === 'word' ? entry.word : entry.value

/** The number the folder has for a policy step, whatever the document says. */
export function lawfulValue(step: StepClaim, law: Law): Fraction | undefined {
  if (!step.policy || step.op === 'word') return undefined
  const entry = entryOf(step.policy, law)
  const cell = entry && cellOf(step, entry)
  return cell === undefined ? undefined : law.number(step.policy.key, cell)
}

export function lawFaults(step: StepClaim, claim: PolicyClaim, about: ExplanationClaim, law: Law): LawFault[] {
  const entry = entryOf(claim, law)
  if (!entry) return [{ expected: known(claim, law), found: shown(claim) }]
  return [...contentFaults(step, claim, entry, law), ...forceFaults(step, entry, about, law)]
}

const period = ({ from, to, published }: { from: string; to?: string; published?: string }) =>
  `${from}${to ? `..${to}` : ''}${published ? ` (published ${published})` : ''}`

const shown = (at: LawEntry | PolicyClaim) => `${at.key} of ${at.place} from ${period(at)}`

function known(claim: PolicyClaim, law: Law): string {
  const there = law.entries(claim.key, claim.place)
  if (there.length) return `one of: ${there.map(period).join(', ')}`
  return `${claim.key} has no value of ${claim.place} in the policy folder`
}

function contentFaults(step: StepClaim, claim: PolicyClaim, entry: LawEntry, law: Law): LawFault[] {
  const faults: LawFault[] = []
  for (const field of ['to', 'source', 'mark'] as const) {
    const [expected, found] = [entry[field] ?? 'none', claim[field] ?? 'none']
    if (expected !== found) faults.push({ expected: `${field} ${expected}`, found: `${field} ${found}` })
  }
  const cell = cellOf(step, entry)
  const at = step.op === 'lookup' ? `row ${step.row} ` : ''
  if (cell === undefined) return [...faults, { expected: `${at}no such value`, found: `${at}${step.value}` }]
  const number = step.op === 'word' ? undefined : law.number(claim.key, cell)
  const stated = step.op === 'word' ? undefined : read(step.value)
  const agrees = step.op === 'word' ? cell === step.value : number && stated && same(number, stated)
  if (!agrees) faults.push({ expected: `${at}${cell}`, found: `${at}${step.value}` })
  const unit = unitOf(law.unit(claim.key))
  if (step.op === 'policy' && unit !== step.unit) faults.push({ expected: `unit ${unit}`, found: `unit ${step.unit}` })
  return faults
}

/** Units of the folder that have no unit of their own in a calculation count as plain numbers. */
function unitOf(declared: string | undefined): string {
  return declared && ['CNY', 'RATE', 'INDEX', 'MONTHS', 'YEARS', 'DAYS', 'COUNT'].includes(declared)
    ? declared
    : 'NUMBER'
}

/** The day, in Asia/Shanghai, up to which the law was known. */
export function knownDay(knownAt: string): string {
  if (knownAt.length === 10) return knownAt
  return new Date(Date.parse(knownAt) + 8 * 3_600_000).toISOString().slice(0, 10)
}

function forceFaults(step: StepClaim, entry: LawEntry, about: ExplanationClaim, law: Law): LawFault[] {
  const knownBy = knownDay(about.knownAt)
  if (entry.published !== undefined && entry.published > knownBy)
    return [{ expected: `published by ${knownBy}`, found: `published ${entry.published}` }]
  if (!step.asked) {
    const ever = days(entry, about.place, law).some(
      (day) => law.inForce(entry.key, about.place, day, knownBy) === entry,
    )
    return ever ? [] : [{ expected: `a value that governs ${about.place}`, found: shown(entry) }]
  }
  return step.asked.flatMap(({ place, day }) => {
    const right = law.inForce(entry.key, place, day, knownBy)
    if (right === entry) return []
    return [{ expected: `in ${place} on ${day}: ${right ? shown(right) : 'no value'}`, found: shown(entry) }]
  })
}

/** Days on which the answer for a place can change to this entry: its start, and the day after others end. */
function days(entry: LawEntry, place: string, law: Law): string[] {
  const others = law.chain(place).flatMap((level) => law.entries(entry.key, level))
  const ends = others.flatMap((other) => (other.to === undefined ? [] : [dayAfter(other.to)]))
  return [entry.from, ...ends].filter((day) => day >= entry.from && !(entry.to !== undefined && day > entry.to))
}

const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
