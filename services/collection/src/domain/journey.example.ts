// A small employer on the pure deciders, for tests: what handlers and reactions do, without waiting for anything.
import { type Decider, fold, type World } from '@jinbao/core'
import { loadPolicy } from '@jinbao/policy'
import { LineSet, ReceiptRecorded, type ReceiptRow, WageLine } from '@jinbao/proto/collection/v1/events.ts'
import type { PersonFacts } from './check.ts'
import { type ChunkCommand, type ChunkEvent, chunkDecider } from './chunk.ts'
import { correct } from './correct.ts'
import { type DeclarationCommand, type DeclarationEvent, declarationDecider } from './declaration.ts'
import { type ChunkState, type OpenChunk, sumDues } from './lines.ts'
import { creditOfCorrection, creditOfSettlement, nameRows, planReceipt, sentOnSettlement, sentTo } from './matching.ts'
import { type ReceiptEvent, receiptDecider } from './receipt.ts'

export const book = loadPolicy()
export const worldOf = (place: string, today: string): World => ({
  now: `${today}T02:00:00Z`,
  today,
  place,
  policyOn: book.policyOn(place),
  by: { subject: 'officer-1', roles: ['officer'] },
})
export const tariff = { riskClass: 1, floatStep: 0 }
export const employerId = 'e1'
export const adult: PersonFacts = {
  birthMonth: '1980-01',
  diedOn: '',
  pensionFrom: '',
  relations: [{ from: '2010-01-01', to: '', main: true }],
  declaredBy: '',
}
export const wage = (personId: string, wageFen: bigint, lineSet: LineSet = LineSet.ALL_LINES): WageLine =>
  WageLine.create({ personId, wageFen, months: 1, lineSet })

type AnyEvent = DeclarationEvent | ChunkEvent | ReceiptEvent

export class Journey {
  readonly place: string
  today: string
  readonly streams = new Map<string, AnyEvent[]>()
  readonly log: AnyEvent[] = []
  #next = 0

  constructor(place: string, today: string) {
    this.place = place
    this.today = today
  }

  get world(): World {
    return worldOf(this.place, this.today)
  }
  state<S, C, E extends AnyEvent>(decider: Decider<S, C, E>, stream: string): S {
    return fold(decider, (this.streams.get(stream) ?? []) as E[])
  }
  do<S, C, E extends AnyEvent>(decider: Decider<S, C, E>, stream: string, command: C): readonly E[] {
    const events = decider.decide(this.state(decider, stream), command, this.world)
    this.streams.set(stream, [...(this.streams.get(stream) ?? []), ...events])
    this.log.push(...events)
    for (const event of events) this.#react(event)
    return events
  }
  header = (month: string, command: DeclarationCommand) => this.do(declarationDecider, month, command)
  chunk = (month: string, n: number, command: ChunkCommand) => this.do(chunkDecider, `${month}-${n}`, command)
  chunkState = (month: string, n: number): ChunkState => this.state(chunkDecider, `${month}-${n}`)
  headerState = (month: string) => this.state(declarationDecider, month)
  types = <T extends AnyEvent['type']>(type: T) =>
    this.log.filter((one): one is Extract<AnyEvent, { type: T }> => one.type === type)

  declare(month: string, chunks: readonly (readonly WageLine[])[]): void {
    this.header(month, { type: 'Open', data: { employerId, month, tariff, contributesFrom: '' } })
    for (const [i, lines] of chunks.entries()) {
      const chunk = i + 1
      this.header(month, { type: 'UseChunk', chunk })
      const data = { employerId, month, chunk, lines, remove: [], replace: true }
      this.chunk(month, chunk, { type: 'ChangeLines', data })
    }
    this.submit(month, chunks)
  }
  submit(month: string, chunks: readonly (readonly WageLine[])[]): void {
    this.header(month, { type: 'Submit' })
    const facts = new Map(chunks.flat().map(({ personId }) => [personId, adult]))
    const open = this.headerState(month)
    const dueOn = open.status === 'open' ? open.dueOn : ''
    for (const i of chunks.keys()) this.chunk(month, i + 1, { type: 'Assess', dueOn, tariff, facts })
    const totals = chunks.map((lines, i) => {
      const { lines: assessed } = this.chunkState(month, i + 1) as OpenChunk
      return { chunk: i + 1, persons: lines.length, lines: sumDues(assessed.flatMap((one) => one.lines)) }
    })
    this.header(month, { type: 'Assess', chunks: totals })
  }
  receipt(amountFen: bigint, receivedOn: string, rows: readonly ReceiptRow[] = []): string {
    const receiptId = `r${this.#next++}`
    const data = ReceiptRecorded.create({ receiptId, employerId, amountFen, receivedOn, rows: [...rows] })
    this.do(receiptDecider, receiptId, { type: 'Record', data })
    this.match(receiptId)
    return receiptId
  }
  match(receiptId: string): void {
    const receipt = this.state(receiptDecider, receiptId)
    if (receipt.status === 'none') return
    const rows = receipt.months.length === 0 ? receipt.receipt.rows : []
    const months = this.months().map((month) => {
      const named = this.chunksOf(month)
        .map((chunk) =>
          nameRows(
            chunk,
            rows.filter((row) => row.month === month),
          ),
        )
        .filter(({ lines }) => lines.length > 0)
      return { month, state: this.headerState(month), named }
    })
    const plan = planReceipt(receipt, months, this.world)
    const matched = plan.map((one) => one.matched)
    this.do(receiptDecider, receiptId, { type: 'Match', months: matched, suspenseBeforeFen: receipt.suspenseFen })
    for (const { matched: one, command } of plan) this.header(one.month, command)
  }
  correct(
    month: string,
    n: number,
    lines: readonly WageLine[],
    remove: readonly string[] = [],
    correctionId = `c${this.#next++}`,
  ) {
    const chunk = this.chunkState(month, n) as OpenChunk
    const from = this.log.length
    const data = { correctionId, reason: 'AUDIT', revision: chunk.revision, again: false, tariff, lines, remove }
    this.chunk(month, n, { type: 'Correct', data })
    const { differences, released } = correct(chunk, data, this.world)
    const order = { correctionId, chunk: n, reason: 'AUDIT', proof: 'doc', dueOn: chunk.dueOn, differences, released }
    this.header(month, { type: 'Correct', data: { ...order, paymentsSeen: chunk.payments.size } })
    return this.log.slice(from)
  }
  months = () => [...this.streams.keys()].filter((stream) => /^\d{4}-\d{2}$/.test(stream))
  chunksOf(month: string): OpenChunk[] {
    const header = this.headerState(month)
    const count = header.status === 'none' ? 0 : header.chunks
    return Array.from({ length: count }, (_, i) => this.chunkState(month, i + 1)).filter((one) => one.status !== 'none')
  }

  #react(event: AnyEvent): void {
    const { type, data } = event
    if (type === 'PaymentAllocated' || type === 'EstimateSettled')
      for (const money of type === 'PaymentAllocated' ? sentTo(data) : sentOnSettlement(data))
        this.chunk(data.month, money.money.chunk, { type: 'Receive', data: money })
    const credits =
      type === 'EstimateSettled'
        ? creditOfSettlement(data)
        : type === 'DeclarationCorrected'
          ? creditOfCorrection(data)
          : []
    for (const one of credits) this.do(receiptDecider, one.receiptId, { type: 'Record', data: one })
  }
}
