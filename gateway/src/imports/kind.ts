// An import is described, not programmed: which columns of a file make which fields of which rpc.
export type CellType = 'yuan' | 'text' | 'day' | 'month' | 'int' | 'bool'

export interface Column {
  /** Heading in the file; several when it has a Chinese and an English one. The first is shown in reports. */
  readonly column: string | readonly string[]
  /** Field of a row's message, `a.b` for a nested one. */
  readonly field: string
  readonly type: CellType
  readonly required?: boolean
  /** Words of the file and what they mean: `{ 男: 'MALE' }`. */
  readonly values?: Readonly<Record<string, string>>
}

export interface ImportKind {
  readonly kind: string
  /** `/jinbao.identity.v1.IdentityService/RegisterPerson` */
  readonly rpc: string
  readonly columns: readonly Column[]
  /** Fields that name a row, so that a file sent again goes on where it ended; default the row's number. */
  readonly key?: readonly string[]
  /** Rows travel together, in this repeated field of the request, at most so many. */
  readonly chunk?: { readonly field: string; readonly size: number; readonly indexField?: string }
  /** Calls under way at once; 1 keeps the order of the file. Default 8. */
  readonly parallel?: number
  readonly description?: string
}

export const headingsOf = ({ column }: Column): readonly string[] => (typeof column === 'string' ? [column] : column)
export const headingOf = (column: Column): string => headingsOf(column)[0] ?? column.field
