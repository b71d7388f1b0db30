// Files of rows: what goes with them and what comes back.
import { ApiProblem } from './problem.ts'
import type { Received } from './send.ts'

export interface UploadOptions {
  /** Fields that all rows share. */
  readonly fields?: Readonly<Record<string, string>>
  /** Check all rows first and record nothing when one is wrong. */
  readonly allOrNothing?: boolean
  /** Check all rows, record nothing. */
  readonly validateOnly?: boolean
  /** Key of the file: a corrected file under the same key only does the rows that were not done. */
  readonly key?: string
  readonly signal?: AbortSignal
}

export interface RowError {
  /** As a person counts: the heading is row 1. */
  readonly row: number
  /** Last row, when one answer stands for several. */
  readonly toRow?: number
  readonly column: string
  readonly reason: string
  readonly message: string
  readonly whatToDo: string
}

export interface ImportReport {
  readonly kind: string
  readonly fileDigest: string
  readonly rows: number
  readonly done: number
  readonly failed: number
  readonly validateOnly: boolean
  readonly errors: readonly RowError[]
  readonly errorsLeftOut: number
}

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** A workbook is a zip archive; everything else is taken for CSV, whose encoding the gateway finds out. */
export const mediaTypeOf = (bytes: Uint8Array): string =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4 ? WORKBOOK : 'text/csv'

/** A file of which nothing was done is answered 422 with the report itself, which is no refusal. */
export async function readReport(deliver: () => Promise<Received>): Promise<ImportReport> {
  try {
    return JSON.parse((await deliver()).text)
  } catch (error) {
    if (error instanceof ApiProblem && 'errors' in error.document) return error.document as unknown as ImportReport
    throw error
  }
}
