// The parts of the OpenAPI document that all operations share.
import type { Schema } from './schemas.ts'

export const ref = {
  parameter: (name: string) => ({ $ref: `#/components/parameters/${name}` }),
  header: (name: string) => ({ $ref: `#/components/headers/${name}` }),
  response: (name: string) => ({ $ref: `#/components/responses/${name}` }),
}

const problems: Readonly<Record<string, readonly [name: string, description: string]>> = {
  '400': ['Malformed', 'A field is unknown, missing, of the wrong type or out of range; `fields` names each.'],
  '401': ['NoToken', 'The token is missing, expired or not valid.'],
  '403': ['NotAllowed', 'This caller may not do that.'],
  '404': ['NotFound', 'There is no such thing.'],
  '409': ['Conflict', 'It exists already, or changed meanwhile.'],
  '413': ['TooLarge', 'The body is larger than allowed.'],
  '415': ['WrongMediaType', 'The media type is not supported.'],
  '422': ['Refused', 'The law or the state of the case forbids it, or an idempotency key came with another body.'],
  '429': ['TooMany', 'Too many requests of this caller; wait as `Retry-After` says.'],
  '500': ['Defect', 'A defect on our side; `traceId` finds it.'],
  '503': ['Unavailable', 'Not available now; wait as `Retry-After` says.'],
  '504': ['TooSlow', 'The deadline passed. A command may still have been done: repeat it with the same key.'],
}

const always = ['400', '401', '403', '404', '429', '500', '503', '504']
const ofCommands = [...always, '409', '413', '415', '422'].sort()

export const problemResponses = (command: boolean): Schema =>
  Object.fromEntries(
    (command ? ofCommands : always).map((status) => [status, ref.response(problems[status]?.[0] ?? '')]),
  )

const text = (maxLength: number) => ({ type: 'string', maxLength })

const parameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Any text of the caller, e.g. a UUID. The same key and body get the same answer, also after a restart; the same key with another body is refused with IDEMPOTENCY_KEY_REUSED. Without it every request is a new command.',
    schema: text(255),
  },
  ValidateOnly: {
    name: 'validateOnly',
    in: 'query',
    description: 'Decide and answer, record nothing. Also as header `jinbao-validate-only`.',
    schema: { type: 'boolean', default: false },
  },
  AtLeast: {
    name: 'jinbao-at-least',
    in: 'header',
    description: 'Positions the answer must include, as an earlier answer gave them: `service:position`.',
    schema: { type: 'string' },
  },
  Purpose: {
    name: 'jinbao-purpose',
    in: 'header',
    description: 'Why personal data is asked for, percent-encoded; recorded with every read of a person.',
    schema: text(600),
  },
  Timeout: {
    name: 'jinbao-timeout',
    in: 'header',
    description: 'Milliseconds after which the caller gives up; `grpc-timeout` is understood too.',
    schema: { type: 'integer', minimum: 1 },
  },
  AcceptLanguage: {
    name: 'Accept-Language',
    in: 'header',
    description: '`zh` or `en`: the language of problem documents.',
    schema: { type: 'string' },
  },
}

const headers = {
  TraceId: { description: 'Trace of the request.', schema: { type: 'string' } },
  RateLimit: {
    description: 'Requests left (`r`) and seconds until the bucket is full (`t`).',
    schema: { type: 'string' },
  },
  Position: {
    description: 'Position of the command: send it back to read your own write.',
    schema: { type: 'string' },
  },
}

const fieldProblem = {
  type: 'object',
  required: ['field', 'reason', 'message'],
  properties: {
    field: { type: 'string', description: 'Path in the request.' },
    reason: { type: 'string' },
    message: { type: 'string' },
  },
}

const problem = {
  type: 'object',
  description: 'Problem document (RFC 9457).',
  required: ['type', 'title', 'status', 'instance', 'reason', 'traceId'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Page that explains the reason.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    reason: { type: 'string', description: 'UPPER_SNAKE word for programs.' },
    rule: { type: 'string', description: 'Rule behind a refusal.' },
    source: { type: 'string', description: 'Law behind a refusal.' },
    fields: { type: 'array', items: fieldProblem },
    values: { type: 'object', additionalProperties: { type: 'string' } },
    detailZh: { type: 'string', description: 'The same sentence in Chinese.' },
    traceId: { type: 'string' },
  },
}

export function components(schemas: Record<string, Schema>): Schema {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  const responses = Object.values(problems).map(([name, description]) => [name, { description, content }])
  return {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    parameters,
    headers,
    responses: Object.fromEntries(responses),
    schemas: { ...schemas, Problem: problem },
  }
}
