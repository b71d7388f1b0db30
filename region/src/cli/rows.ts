// A file of rows from disk, read as the gateway reads it, and what became of each row.
import { hash } from 'node:crypto'
import * as fs from 'node:fs'
import { ApiProblem } from '@jinbao/client'
import { type Item, itemsOf } from '@jinbao/gateway/imports/items.ts'
import { headingOf, type ImportKind } from '@jinbao/gateway/imports/kind.ts'
import { Errors, type RowError } from '@jinbao/gateway/imports/report.ts'
import { rowsOf } from '@jinbao/gateway/imports/rows.ts'
import { spool } from '@jinbao/gateway/imports/spool.ts'
import type { FileKind } from './columns.ts'

export interface FileReport {
  readonly file: string
  readonly rows: number
  readonly done: number
  readonly failed: number
  readonly errors: readonly RowError[]
  readonly errorsLeftOut: number
}

/** Rows that belong together: of one employer, one record, one voucher. They stand one after the other in the file. */
export interface Group<Row> {
  readonly digest: string
  readonly items: readonly (Item & { readonly json: Row })[]
  /** Says that one row did not do; the others of the group may. */
  fail(row: number, problem: Pick<ApiProblem, 'reason' | 'message'>, column?: string): void
}

/** Idempotency key of a group: the same file sent again does nothing twice. */
export const keyOf = (digest: string, ...parts: string[]): string => hash('sha256', [digest, ...parts].join('\u001f'))

export interface ReadOptions<Row> {
  readonly kind: FileKind
  readonly by: (row: Row) => string
  /** Groups under way at once. */
  readonly parallel?: number
  readonly progress?: (rows: number) => void
}

const LIMIT = 4 * 1024 ** 3
const WORKBOOK_LIMIT = 64 * 1024 ** 2
const PARALLEL = 64

export async function eachGroup<Row extends object>(
  file: string,
  options: ReadOptions<Row>,
  work: (group: Group<Row>) => Promise<void>,
): Promise<FileReport> {
  const kind: ImportKind = { kind: 'file', rpc: '', ...options.kind }
  const spooled = await spool(fs.createReadStream(file), { limit: LIMIT, workbookLimit: WORKBOOK_LIMIT })
  const errors = new Errors(false)
  const failed = new Set<number>()
  const running = new Set<Promise<void>>()
  const stop: { error?: unknown } = {}
  let rows = 0
  let held: Group<Row>['items'][number][] = []

  const fail: Group<Row>['fail'] = (row, { reason, message }, column = '') => {
    failed.add(row)
    errors.refused({ row, column, reason, message })
  }
  const flush = async () => {
    const items = held
    held = []
    if (items.length === 0) return
    const done: Promise<void> = work({ digest: spooled.digest, items, fail })
      .catch((error: unknown) => refused(error, items, kind, fail))
      .catch((error: unknown) => {
        stop.error ??= error
      })
      .finally(() => {
        running.delete(done)
        options.progress?.(items.length)
      })
    running.add(done)
    if (running.size >= (options.parallel ?? PARALLEL)) await Promise.race(running)
    if (stop.error) throw stop.error
  }

  try {
    for await (const item of itemsOf(kind, rowsOf(spooled), errors)) {
      rows += 1
      if (!('json' in item)) {
        failed.add(item.row)
        continue
      }
      const one = item as Group<Row>['items'][number]
      const [first] = held
      if (first && options.by(first.json) !== options.by(one.json)) await flush()
      held.push(one)
    }
    await flush()
    await Promise.all(running)
    if (stop.error) throw stop.error
  } finally {
    await Promise.allSettled(running)
    await spooled.remove()
  }
  const inOrder = errors.list.toSorted((a, b) => a.row - b.row)
  const report = { file, rows, done: rows - failed.size, failed: failed.size }
  return { ...report, errors: inOrder, errorsLeftOut: errors.leftOut }
}

/** Nobody may do it, or it is our own defect: the other rows would fare alike. */
export const endsWork = ({ status }: ApiProblem): boolean => status === 401 || status === 403 || status >= 500

/** A refusal is the group's own. */
function refused<Row>(
  error: unknown,
  items: Group<Row>['items'],
  { columns }: ImportKind,
  fail: Group<Row>['fail'],
): void {
  if (!(error instanceof ApiProblem) || endsWork(error)) throw error
  const [field] = error.document.fields ?? []
  const column = columns.find((one) => field?.field.replace(/_/g, '').toLowerCase().endsWith(one.field.toLowerCase()))
  for (const { row } of items) fail(row, error, column ? headingOf(column) : '')
}
