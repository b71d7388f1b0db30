// The state of a chunk's lines: what each person owes and what of it has been paid.
import type { AssessedLine, LineDue, WageLine } from '@jinbao/proto/collection/v1/events.ts'
import type { Line } from '@jinbao/proto/common/v1/common.ts'
import type { InjuryTariff } from './terms.ts'

export interface ChunkKey {
  readonly employerId: string
  readonly month: string
  readonly chunk: number
}

export interface LineState {
  readonly wage: WageLine
  readonly baseFen: bigint
  readonly lines: readonly LineDue[]
  /** Bit i: `lines[i]` is fully paid on both sides and has been published. */
  readonly done: number
}

/** What was published of a line before a correction that is not paid yet. */
export interface Published {
  readonly baseFen: bigint
  readonly due: LineDue
  readonly correctionId: string
  readonly reason: string
}

export interface OpenChunk extends ChunkKey {
  readonly status: 'open' | 'assessed'
  readonly dueOn: string
  readonly tariff: InjuryTariff
  /** Grows with every event: a plan made on an older one is refused. */
  readonly revision: number
  readonly lines: readonly LineState[]
  /** Payments on the month that have reached the chunk. */
  readonly payments: ReadonlySet<number>
  readonly corrections: ReadonlySet<string>
  /** Money on a line that does not yet fill both sides (C-10), by `lineKey`. */
  readonly held: ReadonlyMap<string, bigint>
  readonly published: ReadonlyMap<string, Published>
}

export type ChunkState = { readonly status: 'none' } | OpenChunk

export const lineKey = (personId: string, line: Line) => `${personId} ${line}`
export const lineState = ({ wage, baseFen, lines }: AssessedLine): LineState => ({
  wage: wage!,
  baseFen,
  lines,
  done: 0,
})
export const whole = ({ employerFen, employeeFen }: LineDue): bigint => employerFen + employeeFen
export const isDone = ({ done }: LineState, index: number): boolean => (done & (1 << index)) !== 0

/** Money that lies on a person's line. */
export function paidOn(chunk: OpenChunk, person: LineState, index: number): bigint {
  const due = person.lines[index]!
  if (isDone(person, index)) return whole(due)
  return chunk.held.size === 0 ? 0n : (chunk.held.get(lineKey(person.wage.personId, due.line)) ?? 0n)
}

export const openOn = (chunk: OpenChunk, person: LineState, index: number): bigint =>
  whole(person.lines[index]!) - paidOn(chunk, person, index)

/** Adds dues up line by line, in the order in which lines first appear. */
export function sumDues(all: Iterable<LineDue>): LineDue[] {
  const sums = new Map<Line, { line: Line; employerFen: bigint; employeeFen: bigint; accountFen: bigint }>()
  for (const { line, employerFen, employeeFen, accountFen } of all) {
    const sum = sums.get(line)
    if (!sum) {
      sums.set(line, { line, employerFen, employeeFen, accountFen })
      continue
    }
    sum.employerFen += employerFen
    sum.employeeFen += employeeFen
    sum.accountFen += accountFen
  }
  return [...sums.values()]
}

export const minus = (a: LineDue, b: LineDue): LineDue => ({
  line: a.line,
  employerFen: a.employerFen - b.employerFen,
  employeeFen: a.employeeFen - b.employeeFen,
  accountFen: a.accountFen - b.accountFen,
})
export const nothingDue = (line: Line): LineDue => ({ line, employerFen: 0n, employeeFen: 0n, accountFen: 0n })
export const isNothing = ({ employerFen, employeeFen, accountFen }: LineDue): boolean =>
  employerFen === 0n && employeeFen === 0n && accountFen === 0n
