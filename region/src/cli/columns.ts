// The files that only the command line takes, because it looks up who their numbers mean: their headings, in Chinese first, English beside.
import type { Column } from '@jinbao/gateway/imports/kind.ts'
import { creditCode, name, number } from '../imports.ts'

const lines = {
  养老: 'PENSION',
  医疗: 'MEDICAL',
  失业: 'UNEMPLOYMENT',
  工伤: 'INJURY',
  生育: 'MATERNITY',
}

/** A file whose rows name persons and employers by their public numbers. */
export interface FileKind {
  readonly columns: readonly Column[]
  readonly key: readonly string[]
}

export const relations: FileKind = {
  columns: [
    creditCode,
    number,
    name,
    { column: ['入职日期', 'from'], field: 'from', type: 'day', required: true },
    {
      column: ['用工形式', 'kind'],
      field: 'kind',
      type: 'text',
      required: true,
      values: { 固定期限: 'FIXED_TERM', 无固定期限: 'OPEN_ENDED', 完成任务: 'TASK_BASED', 非全日制: 'PART_TIME' },
    },
    { column: ['主要', 'main'], field: 'main', type: 'bool', required: true },
    { column: ['月工资', 'wage'], field: 'wageFen', type: 'yuan', required: true },
  ],
  key: ['creditCode', 'number', 'from'],
}

export const opening: FileKind = {
  columns: [
    number,
    name,
    { column: ['文件号', 'record'], field: 'recordId', type: 'text', required: true },
    { column: ['原系统', 'system'], field: 'sourceSystem', type: 'text', required: true },
    { column: ['月份', 'months'], field: 'months', type: 'text', required: true },
    { column: ['缴费基数', 'base'], field: 'baseFen', type: 'yuan' },
    { column: ['记账金额', 'credit'], field: 'accountFen', type: 'yuan' },
    { column: ['指数', 'index'], field: 'index', type: 'text' },
    { column: ['余额截至', 'balance until'], field: 'balancesUntil', type: 'month' },
    { column: ['账户余额', 'balance'], field: 'balanceFen', type: 'yuan' },
  ],
  key: ['number', 'recordId', 'months'],
}

export const payroll: FileKind = {
  columns: [
    creditCode,
    number,
    name,
    { column: ['工资总额', 'wages'], field: 'wageFen', type: 'yuan', required: true },
    { column: ['月数', 'months'], field: 'months', type: 'int' },
    {
      column: ['险种', 'lines'],
      field: 'lineSet',
      type: 'text',
      values: { 全部: 'ALL_LINES', 仅工伤: 'INJURY_ONLY' },
    },
  ],
  key: ['creditCode', 'number'],
}

export const receipts: FileKind = {
  columns: [
    { column: ['凭证号', 'voucher'], field: 'reference', type: 'text', required: true },
    creditCode,
    { column: ['到账日期', 'received on'], field: 'receivedOn', type: 'day', required: true },
    { column: ['到账金额', 'received'], field: 'amountFen', type: 'yuan', required: true },
    { ...number, required: false },
    { ...name, required: false },
    { column: ['所属期', 'month'], field: 'month', type: 'month' },
    { column: ['险种', 'line'], field: 'line', type: 'text', values: lines },
    { column: ['金额', 'amount'], field: 'rowFen', type: 'yuan' },
  ],
  key: ['reference', 'number', 'month', 'line'],
}
