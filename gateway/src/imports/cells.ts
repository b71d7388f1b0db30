// A cell's text as the JSON value of its field, or why it will not do.
import { isDay, isMonth, parseYuan } from '@jinbao/core'
import type { CellType, Column } from './kind.ts'

export type Cell = { readonly value: unknown } | { readonly reason: CellReason }

export type CellReason =
  | 'REQUIRED'
  | 'NOT_AN_AMOUNT'
  | 'FRACTION_OF_FEN'
  | 'NOT_A_DAY'
  | 'NOT_A_MONTH'
  | 'NOT_A_WHOLE_NUMBER'
  | 'NOT_YES_OR_NO'
  | 'UNKNOWN_VALUE'
  | 'NUMBER_LOST_DIGITS'

export function readCell(column: Column, raw: string): Cell {
  const text = raw.normalize('NFKC').trim()
  if (text === '') return column.required ? { reason: 'REQUIRED' } : { value: undefined }
  if (column.values) {
    const { values } = column
    if (Object.hasOwn(values, text)) return { value: values[text] }
    return Object.values(values).includes(text) ? { value: text } : { reason: 'UNKNOWN_VALUE' }
  }
  return readers[column.type](text)
}

const readers: Readonly<Record<CellType, (text: string) => Cell>> = {
  text: (text) => (/^\d(\.\d+)?E\+\d\d$/i.test(text) ? { reason: 'NUMBER_LOST_DIGITS' } : { value: text }),
  yuan(text) {
    const bare = text.replace(/^[¥￥]\s*/, '').replace(/(?<=\d),(?=\d{3}(\D|$))/g, '')
    const fen = parseYuan(bare)
    if (fen !== undefined) return { value: String(fen) }
    return { reason: /^-?\d+\.\d{3,}$/.test(bare) ? 'FRACTION_OF_FEN' : 'NOT_AN_AMOUNT' }
  },
  day(text) {
    const parts = /^(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?$/.exec(text)
    const day = parts ? `${parts[1]}-${two(parts[2])}-${two(parts[3])}` : ''
    return isDay(day) ? { value: day } : { reason: 'NOT_A_DAY' }
  },
  month(text) {
    const parts = /^(\d{4})(?:[-/.年]?)(\d{1,2})月?$/.exec(text) ?? /^(\d{4})-(\d\d)-01$/.exec(text)
    const month = parts ? `${parts[1]}-${two(parts[2])}` : ''
    return isMonth(month) ? { value: month } : { reason: 'NOT_A_MONTH' }
  },
  int: (text) =>
    /^-?\d{1,18}$/.test(text) ? { value: text.replace(/^(-?)0+(?=\d)/, '$1') } : { reason: 'NOT_A_WHOLE_NUMBER' },
  bool(text) {
    if (/^(true|yes|y|1|是|有)$/i.test(text)) return { value: true }
    return /^(false|no|n|0|否|无)$/i.test(text) ? { value: false } : { reason: 'NOT_YES_OR_NO' }
  },
}

const two = (digits: string | undefined) => (digits ?? '').padStart(2, '0')
