// Money reaches a chunk: it fills the persons the receipt names, then the others in their order. A line counts only
// when both of its sides are full (C-10); until then its money is held.
import {
  type ChunkMoney,
  type ContributionsCorrected,
  Insured,
  type LineDue,
  type PersonMoney,
  type PersonMonth,
} from '@jinbao/proto/collection/v1/events.ts'
import type { Line } from '@jinbao/proto/common/v1/common.ts'
import { least } from './allocation.ts'
import type { ChunkEvent } from './chunk.ts'
import { type LineState, lineKey, minus, type OpenChunk, openOn, type Published, paidOn, whole } from './lines.ts'

export interface ReceiveMoney {
  readonly receiptId: string
  readonly receivedOn: string
  /** Number of the payment on the month. */
  readonly payment: number
  readonly money: ChunkMoney
}

/** One line of one person that gets money. */
interface Filling {
  readonly person: LineState
  readonly index: number
  readonly due: LineDue
  open: bigint
  given: bigint
}

export function receive(chunk: OpenChunk, { receiptId, receivedOn, payment, money }: ReceiveMoney): ChunkEvent[] {
  const fillings = fill(chunk, money)
  const key = { employerId: chunk.employerId, month: chunk.month, chunk: chunk.chunk }
  const amountFen = fillings.reduce((sum, { given }) => sum + given, 0n)
  const events: ChunkEvent[] = [{ type: 'ChunkPaid', data: { ...key, receiptId, amountFen, payment } }]
  const full = fillings.filter(({ open }) => open === 0n)
  const persons = completed(chunk, full)
  if (persons.length > 0) {
    const { employerId, month, dueOn } = chunk
    events.push({ type: 'ContributionsReceived', data: { employerId, month, dueOn, receivedOn, receiptId, persons } })
  }
  for (const data of supplements(chunk, full, receivedOn)) events.push({ type: 'ContributionsCorrected', data })
  const held = fillings.filter(({ open }) => open > 0n).map((one) => heldOf(chunk, one))
  if (held.length > 0) events.push({ type: 'PartPaymentHeld', data: { ...key, receiptId, receivedOn, held } })
  return events
}

function fill(chunk: OpenChunk, { lines, persons }: ChunkMoney): Filling[] {
  const money = new Map(lines.map(({ line, principalFen }) => [line, principalFen]))
  const open = new Map<string, Filling>()
  for (const person of chunk.lines)
    for (const [index, due] of person.lines.entries()) {
      const left = openOn(chunk, person, index)
      if (left > 0n && money.has(due.line))
        open.set(lineKey(person.wage.personId, due.line), { person, index, due, open: left, given: 0n })
    }
  const give = (to: Filling, most: bigint) => {
    const fen = least(least(most, to.open), money.get(to.due.line)!)
    if (fen <= 0n) return
    to.open -= fen
    to.given += fen
    money.set(to.due.line, money.get(to.due.line)! - fen)
  }
  for (const { personId, line, amountFen } of persons) {
    const to = open.get(lineKey(personId, line))
    if (to) give(to, amountFen)
  }
  for (const to of open.values()) give(to, to.open)
  for (const [line, left] of money) if (left !== 0n) throw new Error(`${left} fen too much on ${line}`)
  return [...open.values()].filter(({ given }) => given > 0n)
}

const heldOf = (chunk: OpenChunk, { person, index, due, given }: Filling): PersonMoney => ({
  personId: person.wage.personId,
  line: due.line,
  amountFen: paidOn(chunk, person, index) + given,
})

export const personMonth = (person: LineState, lines: LineDue[], baseFen = person.baseFen): PersonMonth => ({
  personId: person.wage.personId,
  insured: Insured.EMPLOYEE,
  baseFen,
  lines,
  basis: '',
})

function completed(chunk: OpenChunk, full: readonly Filling[]): PersonMonth[] {
  const byPerson = new Map<LineState, LineDue[]>()
  for (const { person, due } of full) {
    if (chunk.published.size > 0 && chunk.published.has(lineKey(person.wage.personId, due.line))) continue
    const lines = byPerson.get(person)
    if (lines) lines.push(due)
    else byPerson.set(person, [due])
  }
  return [...byPerson].map(([person, lines]) => personMonth(person, lines))
}

/** A supplement is paid: what had been credited before grows by the difference. */
function supplements(chunk: OpenChunk, full: readonly Filling[], receivedOn: string): ContributionsCorrected[] {
  if (chunk.published.size === 0) return []
  const byCorrection = new Map<
    string,
    { was: Published; persons: Map<LineState, { baseFen: bigint; lines: LineDue[] }> }
  >()
  for (const { person, due } of full) {
    const was = chunk.published.get(lineKey(person.wage.personId, due.line))
    if (!was) continue
    const entry = byCorrection.get(was.correctionId) ?? { was, persons: new Map() }
    byCorrection.set(was.correctionId, entry)
    const one = entry.persons.get(person) ?? { baseFen: person.baseFen - was.baseFen, lines: [] }
    entry.persons.set(person, one)
    one.lines.push(minus(due, was.due))
  }
  return [...byCorrection.values()].map(({ was, persons }) => ({
    employerId: chunk.employerId,
    month: chunk.month,
    correctedOn: receivedOn,
    correctionId: was.correctionId,
    reason: was.reason,
    persons: [...persons].map(([person, { baseFen, lines }]) => personMonth(person, lines, baseFen)),
    withdrawn: false,
  }))
}

// --- evolve ----------------------------------------------------------------------------------------------------------

/** These lines are paid and published. */
export function markDone(chunk: OpenChunk, persons: readonly PersonMonth[]): OpenChunk {
  const paid = new Map(persons.map((one) => [one.personId, new Set(one.lines.map(({ line }) => line))]))
  const held = new Map(chunk.held)
  const published = new Map(chunk.published)
  const lines = chunk.lines.map((person) => {
    const { personId } = person.wage
    const now = paid.get(personId)
    if (!now) return person
    for (const line of now) {
      held.delete(lineKey(personId, line))
      published.delete(lineKey(personId, line))
    }
    return { ...person, done: person.done | bits(person, now) }
  })
  return { ...chunk, lines, held, published }
}

function bits(person: LineState, now: ReadonlySet<Line>): number {
  let mask = 0
  for (const [i, due] of person.lines.entries()) if (now.has(due.line) && whole(due) > 0n) mask |= 1 << i
  return mask
}

export function putHeld(chunk: OpenChunk, amounts: readonly PersonMoney[]): OpenChunk {
  const held = new Map(chunk.held)
  for (const { personId, line, amountFen } of amounts) {
    if (amountFen > 0n) held.set(lineKey(personId, line), amountFen)
    else held.delete(lineKey(personId, line))
  }
  return { ...chunk, held }
}
