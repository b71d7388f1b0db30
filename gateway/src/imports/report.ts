// What became of each row, for a person who has to correct the file.
import type { CellReason } from './cells.ts'

export interface RowError {
  /** As a person counts: the heading is row 1. */
  readonly row: number
  /** Last row, when one answer stands for several. */
  readonly toRow?: number
  /** Heading of the column; empty when it is about the whole row. */
  readonly column: string
  readonly reason: string
  readonly message: string
  readonly whatToDo: string
}

export interface Report {
  readonly kind: string
  readonly fileDigest: string
  readonly rows: number
  readonly done: number
  readonly failed: number
  /** True: rows were checked, nothing was recorded. */
  readonly validateOnly: boolean
  readonly errors: readonly RowError[]
  /** Errors beyond the number that a report lists. */
  readonly errorsLeftOut: number
}

type Own = CellReason | 'COLUMN_MISSING' | 'COLUMN_UNKNOWN' | 'ROW_TWICE' | 'NOT_TRIED' | 'REFUSED'

const texts: Readonly<Record<Own, readonly [message: string, zh: string, todo: string, todoZh: string]>> = {
  REQUIRED: ['is empty', '为空', 'fill the cell', '请填写'],
  NOT_AN_AMOUNT: [
    'is no amount in yuan',
    '不是以元为单位的金额',
    'write digits, e.g. 5400.00',
    '请填写数字，例如 5400.00',
  ],
  FRACTION_OF_FEN: ['has a fraction of a fen', '金额精确到了分以下', 'write at most two decimals', '最多保留两位小数'],
  NOT_A_DAY: ['is no day', '不是日期', 'write yyyy-mm-dd', '请按 yyyy-mm-dd 填写'],
  NOT_A_MONTH: ['is no month', '不是月份', 'write yyyy-mm', '请按 yyyy-mm 填写'],
  NOT_A_WHOLE_NUMBER: ['is no whole number', '不是整数', 'write digits only', '请只填写数字'],
  NOT_YES_OR_NO: ['is neither yes nor no', '应为“是”或“否”', 'write yes or no', '请填写“是”或“否”'],
  UNKNOWN_VALUE: ['is none of the known words', '不在可选值之内', 'take a word of the list', '请选用列表中的值'],
  NUMBER_LOST_DIGITS: [
    'is a number whose last digits the spreadsheet has lost',
    '被表格软件当作数值，末位已丢失',
    'format the column as text and enter it again',
    '请将该列设为文本格式后重新填写',
  ],
  COLUMN_MISSING: ['a needed column is missing', '缺少必需的列', 'add the column', '请补充该列'],
  COLUMN_UNKNOWN: ['this column means nothing here', '无法识别的列', 'remove or rename the column', '请删除或更正列名'],
  ROW_TWICE: ['the same row stands above', '与上文某行重复', 'keep one of them', '请只保留一行'],
  NOT_TRIED: [
    'was not tried: other rows are wrong',
    '因其他行有误而未处理',
    'correct them and send the file again',
    '请更正后重新上传',
  ],
  REFUSED: [
    'was refused',
    '不予办理',
    'correct the row and send the file again; rows done are not done twice',
    '请更正该行后重新上传，已办理的行不会重复办理',
  ],
}

/** A report lists this many errors; the others are counted. */
const MAX_ERRORS = 5_000

export class Errors {
  readonly list: RowError[] = []
  leftOut = 0
  readonly #zh: boolean

  constructor(zh: boolean) {
    this.#zh = zh
  }

  get count(): number {
    return this.list.length + this.leftOut
  }

  own(row: number, column: string, reason: Own): void {
    const [message, messageZh, todo, todoZh] = texts[reason]
    this.add({ row, column, reason, message: this.#zh ? messageZh : message, whatToDo: this.#zh ? todoZh : todo })
  }

  /** A row that its service refused. */
  refused(error: Omit<RowError, 'whatToDo'>): void {
    this.add({ ...error, whatToDo: texts.REFUSED[this.#zh ? 3 : 2] })
  }

  add(error: RowError): void {
    if (this.list.length < MAX_ERRORS) this.list.push(error)
    else this.leftOut += 1
  }
}

/** The errors as CSV; a cell that a spreadsheet would take for a formula is kept as text. */
export function csvOf(report: Report): string {
  const cell = (value: string | number | undefined) => {
    const text = String(value ?? '').replace(/^[=+\-@\t\r]/, "'$&")
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
  }
  const lines = report.errors.map((one) =>
    [one.row, one.toRow ?? one.row, one.column, one.reason, one.message, one.whatToDo].map(cell).join(','),
  )
  return `\ufeff${['row,toRow,column,reason,message,whatToDo', ...lines].join('\r\n')}\r\n`
}
