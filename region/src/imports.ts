// Files that the gateway takes as they stand, at /v1/imports/{kind}: every row is a request.
import type { Column, ImportKind } from '@jinbao/gateway/imports/kind.ts'

export const number: Column = { column: ['证件号码', 'number'], field: 'number', type: 'text', required: true }
export const name: Column = { column: ['姓名', 'name'], field: 'name', type: 'text', required: true }
export const creditCode: Column = {
  column: ['统一社会信用代码', 'credit code'],
  field: 'creditCode',
  type: 'text',
  required: true,
}

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
