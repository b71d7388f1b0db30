// What people see: tables by the width that signs take on a screen. What programs see: JSON, one document.
import { formatFen } from '@jinbao/core'

export interface Io {
  readonly write: (text: string) => void
  readonly warn: (text: string) => void
  /** False where nobody looks at a progress bar. */
  readonly interactive: boolean
}

export const terminal: Io = {
  write: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(text),
  interactive: process.stderr.isTTY === true,
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g
const widthOf = (text: string) => text.length + (text.match(wide)?.length ?? 0)

export type Row = Readonly<Record<string, string | number | boolean | bigint | undefined>>

/** Columns are those of the first row; numbers stand to the right. */
export function table(rows: readonly Row[]): string {
  const [first] = rows
  if (!first) return '(none)\n'
  const heads = Object.keys(first)
  const cells = rows.map((row) => heads.map((head) => String(row[head] ?? '')))
  const widths = heads.map((head, at) => Math.max(widthOf(head), ...cells.map((row) => widthOf(row[at] ?? ''))))
  const right = heads.map((_, at) => cells.every((row) => /^-?[\d,.]*$/.test(row[at] ?? '')))
  const pad = (text: string, at: number) => {
    const space = ' '.repeat((widths[at] ?? 0) - widthOf(text))
    return right[at] ? space + text : text + space
  }
  const line = (row: readonly string[]) => row.map(pad).join('  ').trimEnd()
  return `${[line(heads), ...cells.map(line)].join('\n')}\n`
}

/** Fen of an answer, a string, as yuan. */
export const yuanOf = (fen: string | undefined): string => formatFen(BigInt(fen ?? '0'))
