// Rows of a file -> rows of requests: headings understood, cells read, faults noted.
import { refusal } from '../problem.ts'
import { readCell } from './cells.ts'
import { type Column, headingOf, headingsOf, type ImportKind } from './kind.ts'
import type { Errors } from './report.ts'
import type { Row } from './rows.ts'

export interface Item {
  readonly row: number
  readonly key: string
  readonly json: Record<string, unknown>
}

const plain = (heading: string) => heading.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/** Columns by their place in the file. Throws when a needed one is missing. */
export function headings(kind: ImportKind, { cells }: Row, errors: Errors): (Column | undefined)[] {
  const byName = new Map(kind.columns.flatMap((column) => headingsOf(column).map((name) => [plain(name), column])))
  const found = cells.map((cell) => byName.get(plain(cell)))
  for (const [index, cell] of cells.entries())
    if (!found[index] && plain(cell) !== '') errors.own(1, cell.slice(0, 40), 'COLUMN_UNKNOWN')
  for (const column of kind.columns)
    if (column.required && !found.includes(column)) errors.own(1, headingOf(column), 'COLUMN_MISSING')
  return found
}

export async function* itemsOf(kind: ImportKind, rows: AsyncIterable<Row>, errors: Errors): AsyncGenerator<Item | Row> {
  let columns: readonly (Column | undefined)[] | undefined
  const keys = new Set<string>()
  for await (const row of rows) {
    if (!columns) {
      columns = headings(kind, row, errors)
      if (errors.count > 0) return
      continue
    }
    const before = errors.count
    const json = jsonOf(columns, row, errors)
    const key = kind.key ? kind.key.map((field) => String(valueAt(json, field) ?? '')).join('\u001f') : String(row.row)
    // A row that is wrong in itself may lack the very fields that name it.
    if (kind.key && errors.count === before) {
      if (keys.has(key)) errors.own(row.row, '', 'ROW_TWICE')
      keys.add(key)
    }
    yield errors.count > before ? row : { row: row.row, key, json }
  }
  if (!columns) throw refusal('FILE_MALFORMED', { fields: [{ field: 'file', reason: 'EMPTY', message: 'is empty' }] })
}

function jsonOf(columns: readonly (Column | undefined)[], { row, cells }: Row, errors: Errors): Item['json'] {
  const json: Record<string, unknown> = {}
  for (const [index, column] of columns.entries()) {
    if (!column) continue
    const cell = readCell(column, cells[index] ?? '')
    if ('reason' in cell) errors.own(row, headingOf(column), cell.reason)
    else if (cell.value !== undefined) place(json, column.field.split('.'), cell.value)
  }
  return json
}

function place(json: Record<string, unknown>, [name = '', ...deeper]: string[], value: unknown): void {
  if (deeper.length === 0) {
    json[name] = value
    return
  }
  json[name] ??= {}
  place(json[name] as Record<string, unknown>, deeper, value)
}

function valueAt(json: Record<string, unknown>, path: string): unknown {
  let at: unknown = json
  for (const name of path.split('.')) at = (at as Record<string, unknown> | undefined)?.[name]
  return at
}
