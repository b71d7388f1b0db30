// The import route in the OpenAPI document.
import { problemResponses, ref } from '../openapiParts.ts'
import type { Schema } from '../schemas.ts'
import { headingsOf, type ImportKind } from './kind.ts'

const rowError = {
  type: 'object',
  required: ['row', 'column', 'reason', 'message', 'whatToDo'],
  properties: {
    row: { type: 'integer', description: 'As a person counts: the heading is row 1.' },
    toRow: { type: 'integer', description: 'Last row, when one answer stands for several.' },
    column: { type: 'string' },
    reason: { type: 'string' },
    message: { type: 'string' },
    whatToDo: { type: 'string' },
  },
}

const report = {
  type: 'object',
  required: ['kind', 'fileDigest', 'rows', 'done', 'failed', 'validateOnly', 'errors', 'errorsLeftOut'],
  properties: {
    kind: { type: 'string' },
    fileDigest: { type: 'string' },
    rows: { type: 'integer' },
    done: { type: 'integer' },
    failed: { type: 'integer' },
    validateOnly: { type: 'boolean' },
    errors: { type: 'array', items: rowError },
    errorsLeftOut: { type: 'integer' },
  },
}

const describe = (kind: ImportKind) => {
  const columns = kind.columns.map(
    (column) => `${headingsOf(column).join(' / ')} (${column.type}${column.required ? ', required' : ''})`,
  )
  return `- \`${kind.kind}\`: ${kind.description ? `${kind.description} ` : ''}Columns: ${columns.join('; ')}.`
}

const flag = (name: string, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'boolean', default: false },
})

export function importPath(kinds: readonly ImportKind[]): Schema {
  const table = { type: 'string', contentMediaType: 'text/csv' }
  const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const content = { 'application/json': { schema: report }, 'text/csv': { schema: table } }
  const operation = {
    operationId: 'importFile',
    tags: ['imports'],
    summary: 'Takes a file of rows, CSV (UTF-8 or GB18030) or XLSX.',
    description: [
      'Each row becomes a command. Rows done stay done; send a corrected file with the same `Idempotency-Key` and only the others are tried again. Further query parameters are fields that all rows share.',
      ...kinds.map(describe),
    ].join('\n\n'),
    parameters: [
      { name: 'kind', in: 'path', required: true, schema: { type: 'string', enum: kinds.map(({ kind }) => kind) } },
      flag('allOrNothing', 'Check all rows first and record nothing when one is wrong.'),
      flag('validateOnly', 'Check all rows, record nothing.'),
      ref.parameter('IdempotencyKey'),
      ref.parameter('AcceptLanguage'),
    ],
    requestBody: {
      required: true,
      content: {
        'text/csv': { schema: table },
        [workbook]: { schema: { type: 'string', contentMediaType: workbook } },
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['file'],
            properties: { file: { type: 'string', contentMediaType: 'text/csv' } },
          },
        },
      },
    },
    responses: {
      '200': { description: 'Report, row by row.', content },
      ...problemResponses(true),
      '422': { description: 'Nothing was done; the report says why.', content },
    },
  }
  return { '/v1/imports/{kind}': { post: operation } }
}
