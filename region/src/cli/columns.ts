// The files that the command line takes: their headings, in Chinese first, English beside.
import type { Column, ImportKind } from '@jinbao/gateway/imports/kind.ts'

const number: Column = { column: ['证件号码', 'number'], field: 'number', type: 'text', required: true }
const name: Column = { column: ['姓名', 'name'], field: 'name', type: 'text', required: true }
const creditCode: Column = {
  column: ['统一社会信用代码', 'credit code'],
  field: 'creditCode',
  type: 'text',
  required: true,
}

const lines = {
  养老: 'PENSION',
  医疗: 'MEDICAL',
  失业: 'UNEMPLOYMENT',
  工伤: 'INJURY',
  生育: 'MATERNITY',
}

/** Rows that are requests as they stand: the gateway takes these files too, at /v1/imports/{kind}. */
export const uploads = {
  persons: {
    kind: 'persons',
    rpc: '/jinbao.identity.v1.IdentityService/RegisterPerson',
    description: 'Persons by the number of their document.',
    columns: [
      number,
      name,
      { column: ['出生日期', 'birth date'], field: 'birthDate', type: 'day' },
      { column: ['性别', 'sex'], field: 'sex', type: 'text', values: { 男: 'MALE', 女: 'FEMALE' } },
    ],
    key: ['number'],
  },
  employers: {
    kind: 'employers',
    rpc: '/jinbao.identity.v1.EmployerService/RegisterEmployer',
    description: 'Employers by their unified social credit code.',
    columns: [
      creditCode,
      { column: ['单位名称', 'employer'], field: 'name', type: 'text', required: true },
      { column: ['统筹地区', 'place'], field: 'place', type: 'text', required: true },
      { column: ['行业', 'industry'], field: 'industry', type: 'text', required: true },
      { column: ['风险类别', 'risk class'], field: 'riskClass', type: 'int', required: true },
      { column: ['参保日期', 'contributes from'], field: 'contributesFrom', type: 'day', required: true },
    ],
    key: ['creditCode'],
  },
} as const satisfies Record<string, ImportKind>

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
