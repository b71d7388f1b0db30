// Sends the rows of a file as commands. A row's command id comes of the file (or the caller's key) and the row's key:
// a file sent again does nothing twice.
import { setTimeout as pause } from 'node:timers/promises'
import { toBinary } from '@bufbuild/protobuf'
import { Problem } from '@jinbao/core'
import type { Call, Transport } from '@jinbao/rpc'
import { keyed } from '../call.ts'
import { problemFrom } from '../edge.ts'
import type { Json } from '../input.ts'
import { messageOf, type Route } from '../transcode.ts'
import { type Item, itemsOf } from './items.ts'
import { headingOf, type ImportKind } from './kind.ts'
import { Errors, type Report } from './report.ts'
import { rowsOf } from './rows.ts'
import type { Spooled } from './spool.ts'

export interface ImportRun {
  readonly kind: ImportKind
  readonly route: Route
  readonly transport: Transport
  readonly spooled: Spooled
  /** Fields that all rows share, from the query. */
  readonly shared: Json
  /** Makes the call of one command. */
  readonly call: () => Omit<Call, 'commandId' | 'commandDigest' | 'validateOnly'>
  readonly subject: string
  /** The caller's key for the whole file; without it the file's digest. */
  readonly key: string | undefined
  readonly zh: boolean
  readonly allOrNothing: boolean
  readonly validateOnly: boolean
}

interface Tally {
  rows: number
  done: number
  failed: number
  chunks: number
}

export async function runImport(run: ImportRun): Promise<Report> {
  const dryFirst = run.allOrNothing || run.validateOnly
  const first = await pass(run, dryFirst)
  if (!dryFirst || run.validateOnly || first.failed > 0 || first.errors.length > 0) return first
  return pass(run, false)
}

async function pass(run: ImportRun, dry: boolean): Promise<Report> {
  const errors = new Errors(run.zh)
  const tally: Tally = { rows: 0, done: 0, failed: 0, chunks: 0 }
  const running = new Set<Promise<void>>()
  const fatal: { error?: unknown } = {}
  const size = run.kind.chunk?.size ?? 1
  const parallel = run.kind.parallel ?? 8
  let group: Item[] = []

  const flush = async () => {
    if (group.length === 0) return
    const items = group
    group = []
    const index = tally.chunks++
    const sent: Promise<void> = send(run, items, index, dry)
      .then(
        () => {
          tally.done += items.length
        },
        (error: unknown) => {
          tally.failed += items.length
          if (stops(error)) fatal.error ??= error
          else note(run, items, problemFrom(error, run.kind.rpc), errors)
        },
      )
      .finally(() => running.delete(sent))
    running.add(sent)
    if (running.size >= parallel) await Promise.race(running)
    if (fatal.error) throw fatal.error
  }

  for await (const item of itemsOf(run.kind, rowsOf(run.spooled), errors)) {
    tally.rows += 1
    if ('json' in item) group.push(item)
    else tally.failed += 1
    if (group.length >= size) await flush()
  }
  await flush()
  await Promise.all(running)
  if (fatal.error) throw fatal.error
  const { kind, spooled } = run
  const { rows, done, failed } = tally
  const inOrder = errors.list.toSorted((a, b) => a.row - b.row)
  const counts = { rows, done: dry ? 0 : done, failed, validateOnly: dry }
  return { kind: kind.kind, fileDigest: spooled.digest, ...counts, errors: inOrder, errorsLeftOut: errors.leftOut }
}

/** Nobody may send these rows, or nobody waits any more: the others would fare alike. */
const stops = (error: unknown) =>
  error instanceof Problem && ['UNAUTHENTICATED', 'PERMISSION_DENIED', 'CANCELLED'].includes(error.code)

const ATTEMPTS = 5

async function send(run: ImportRun, items: readonly Item[], index: number, dry: boolean): Promise<void> {
  const { route, kind } = run
  const message = messageOf(route, requestOf(run, items, index), Number.MAX_SAFE_INTEGER)
  const bytes = toBinary(route.input, message)
  const key = `import:${kind.kind}:${run.key ?? run.spooled.digest}:${items.map((item) => item.key).join('\u001e')}`
  const command = dry ? { validateOnly: true } : keyed(run.subject, key, kind.rpc, bytes)
  for (let attempt = 1; ; attempt++) {
    const call = run.call()
    try {
      await run.transport.unary(kind.rpc, bytes, { ...call, ...command })
      return
    } catch (error) {
      const again = error instanceof Problem && (error.code === 'UNAVAILABLE' || error.reason === 'OVERLOADED')
      if (!again || attempt >= ATTEMPTS || call.signal.aborted) throw error
      await pause(error.details.retryAfterMs ?? 100 * 2 ** attempt)
    }
  }
}

function requestOf({ kind, shared }: ImportRun, items: readonly Item[], index: number): Json {
  const { chunk } = kind
  if (!chunk) return { ...shared, ...items[0]?.json }
  const numbered = chunk.indexField ? { [chunk.indexField]: index } : {}
  return { ...shared, ...numbered, [chunk.field]: items.map((item) => item.json) }
}

/** A refusal in the words of the file: rows and headings instead of fields. */
function note({ kind, zh }: ImportRun, items: readonly Item[], problem: Problem, errors: Errors): void {
  const first = items[0]?.row ?? 0
  const last = items.at(-1)?.row ?? first
  const range = { row: first, ...(last > first ? { toRow: last } : {}) }
  const fields = problem.details.fields ?? []
  if (fields.length === 0) {
    const message = zh && problem.details.zh ? problem.details.zh : problem.message
    errors.refused({ ...range, column: '', reason: problem.reason, message })
  }
  for (const { field, reason, message } of fields) {
    const [, index, inRow] = kind.chunk ? (/^\w+\[(\d+)\]\.?(.*)$/.exec(field) ?? []) : [field, '0', field]
    const row = index === undefined ? undefined : items[Number(index)]?.row
    const column = kind.columns.find((one) => same(one.field, inRow ?? ''))
    errors.refused({
      ...(row === undefined ? range : { row }),
      column: column ? headingOf(column) : field,
      reason,
      message,
    })
  }
}

/** Services may name a field in camelCase or as the proto does. */
const same = (a: string, b: string) => a.replace(/_/g, '').toLowerCase() === b.replace(/_/g, '').toLowerCase()
