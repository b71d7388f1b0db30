// The rows of a spooled file: CSV as a stream, a workbook's first sheet from memory.
import * as fs from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { refusal } from '../problem.ts'
import type { Spooled } from './spool.ts'

export interface Row {
  /** As a person counts: the heading is row 1. */
  readonly row: number
  readonly cells: readonly string[]
}

const MAX_RECORD = 256 * 1024
/** A small file may unpack into a large one. */
const MAX_UNPACKED = 400 * 1024 * 1024

export const rowsOf = (spooled: Spooled): AsyncIterable<Row> =>
  spooled.form === 'xlsx' ? workbookRows(spooled.file) : csvRows(spooled)

const unreadable = (message: string) =>
  refusal('FILE_MALFORMED', { fields: [{ field: 'file', reason: 'FILE_MALFORMED', message }] })

async function* csvRows({ file, encoding }: Spooled): AsyncGenerator<Row> {
  const source = fs.createReadStream(file)
  const parser = parse({
    bom: true,
    relaxColumnCount: true,
    skipEmptyLines: true,
    skipRecordsWithEmptyValues: true,
    maxRecordSize: MAX_RECORD,
    delimiter: [',', '\t', ';'],
    info: true,
  })
  source.on('error', (error) => parser.destroy(error))
  const text = encoding === 'utf-8' ? source : source.compose(decodedAs(encoding))
  text.pipe(parser)
  let row = 0
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      row = info.lines
      yield { row, cells: record }
    }
  } catch (error) {
    // The parser's own text quotes the line, which is personal data.
    if (error instanceof CsvError) throw unreadable(`not CSV after line ${row}: ${error.code}`)
    throw error
  } finally {
    source.destroy()
    parser.destroy()
  }
}

function decodedAs(encoding: string) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    const decoder = new TextDecoder(encoding)
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  }
}

async function* workbookRows(file: string): AsyncGenerator<Row> {
  const bytes = await fs.promises.readFile(file)
  if (unpackedSize(bytes) > MAX_UNPACKED) throw refusal('BODY_TOO_LARGE')
  const { readSheet } = await import('read-excel-file/node')
  let sheet: unknown[][]
  try {
    // Numbers as their digits: no float stands between the file and the amount.
    sheet = await readSheet(bytes, { parseNumber: (digits: string) => digits })
  } catch {
    throw unreadable('not a workbook (.xlsx) that can be read')
  }
  for (const [index, cells] of sheet.entries()) {
    const texts = cells.map(cellText)
    if (texts.some((text) => text !== '')) yield { row: index + 1, cells: texts }
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  const text = String(cell)
  // A workbook stores 17 digits of a binary fraction but shows 15: 5400.1 is kept as 5400.1000000000004.
  return /^-?\d+\.\d{9,}$/.test(text) ? String(Number(Number(text).toPrecision(15))) : text
}

/** Sum of the sizes that the archive's directory states. */
function unpackedSize(zip: Buffer): number {
  const entry = Buffer.from('PK\x01\x02')
  let total = 0
  for (let at = zip.indexOf(entry); at >= 0 && at + 28 <= zip.length; at = zip.indexOf(entry, at + 4))
    total += zip.readUInt32LE(at + 24)
  return total
}
