// OpenAPI 3.1 of the descriptors: routes from google.api.http, text from the comments of the protos.
import type { DescField, DescMessage } from '@bufbuild/protobuf'
import { type Api, type Binding, OPERATIONS, type Rpc, readImage } from './descriptors.ts'
import type { ImportKind } from './imports/kind.ts'
import { importPath } from './imports/openapi.ts'
import { fieldAt } from './input.ts'
import { components, problemResponses, ref } from './openapiParts.ts'
import { defaultLimits, type Limits } from './options.ts'
import { parseTemplate } from './router.ts'
import { type Schema, Schemas } from './schemas.ts'

export interface OpenApiOptions {
  readonly limits?: Limits
  readonly imports?: readonly ImportKind[]
  readonly title?: string | undefined
}

/** For scripts: the document of a whole image. */
export const openApiOfImage = (image: Uint8Array, options: OpenApiOptions = {}) => openApi(readImage(image), options)

export function openApi({ rpcs, comments }: Omit<Api, 'registry'>, options: OpenApiOptions = {}) {
  const schemas = new Schemas(
    comments,
    rpcs.map(({ method }) => method.input),
    rpcs.map(({ method }) => method.output),
  )
  const paths: Record<string, Record<string, unknown>> = {}
  for (const rpc of rpcs)
    for (const [index, binding] of rpc.bindings.entries()) {
      const path = binding.template.replace(/=\*\*?\}/g, '}')
      paths[path] = {
        ...paths[path],
        [binding.verb.toLowerCase()]: operation(rpc, binding, index, schemas, comments),
      }
    }
  const services = new Map(rpcs.map(({ service, method }) => [service, comments.get(method.parent.typeName) ?? '']))
  const imports = options.imports ?? []
  if (imports.length > 0) Object.assign(paths, importPath(imports))
  return {
    openapi: '3.1.0',
    info: {
      title: options.title ?? 'jinbao 金保',
      version: '1',
      description: about(options.limits ?? defaultLimits),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This region' }],
    security: [{ bearer: [] }],
    tags: [
      ...[...services].map(([name, description]) => ({ name, description })),
      ...(imports.length > 0 ? [{ name: 'imports', description: 'Files of many rows.' }] : []),
    ],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: components(Object.fromEntries([...schemas.made].sort(([a], [b]) => (a < b ? -1 : 1)))),
  }
}

const about = (limits: Limits) =>
  [
    'Social security of a region over HTTP and JSON. Whole numbers of 64 bits, amounts in fen among them, are strings.',
    'Refusals are problem documents (RFC 9457) with a `reason` a program can read and the law behind it.',
    'A command takes an `Idempotency-Key`: the same key and body get the same answer, another body is refused.',
    'Send the `jinbao-at-least` of an answer back to read your own write.',
    `Pages hold at most ${limits.pageSize} items, bodies ${limits.bodyBytes} bytes.`,
  ].join('\n\n')

function operation(rpc: Rpc, binding: Binding, index: number, schemas: Schemas, comments: Api['comments']): Schema {
  const { input, output, parent, name } = rpc.method
  const text = comments.get(`${parent.typeName}.${name}`) ?? name
  const inPath = parseTemplate(binding.template).segments.flatMap((segment) =>
    'name' in segment ? [segment.name] : [],
  )
  const taken = new Set([...inPath.map((path) => fieldAt(input, path)), fieldAt(input, binding.body)])
  const query = binding.body === '*' ? [] : queryFields(input, '', taken)
  const response = binding.responseBody ? fieldAt(output, binding.responseBody) : undefined
  return {
    operationId: `${parent.name}_${name}${index > 0 ? `_${index + 1}` : ''}`,
    tags: [rpc.service],
    summary: text.split(/(?<=[.。])\s/, 1)[0]?.replace(/\n/g, ' '),
    description: text,
    parameters: [
      ...inPath.map((path) => parameter('path', path, fieldAt(input, path), schemas)),
      ...query.map(([path, field]) => parameter('query', path, field, schemas)),
      ...headers(rpc).map(ref.parameter),
    ],
    ...requestBody(binding, input, taken, schemas),
    responses: {
      '200': {
        description: 'Done.',
        headers: answered(rpc),
        content: { 'application/json': { schema: response ? schemas.field(response) : schemas.message(output) } },
      },
      ...problemResponses(!rpc.question),
    },
    ...(rpc.service === OPERATIONS ? { 'x-roles': ['operator'] } : {}),
  }
}

const headers = ({ question }: Rpc) => [
  ...(question ? ['AtLeast'] : ['IdempotencyKey', 'ValidateOnly']),
  'Purpose',
  'Timeout',
  'AcceptLanguage',
]

const answered = ({ question }: Rpc) => ({
  'jinbao-trace-id': ref.header('TraceId'),
  ratelimit: ref.header('RateLimit'),
  ...(question ? {} : { 'jinbao-at-least': ref.header('Position') }),
})

/** Fields that a query can carry, nested ones as `a.b`. */
function queryFields(
  message: DescMessage,
  prefix: string,
  taken: ReadonlySet<DescField | undefined>,
): (readonly [path: string, field: DescField])[] {
  return message.fields
    .filter((field) => !taken.has(field) && field.fieldKind !== 'map')
    .flatMap((field) => {
      const path = `${prefix}${field.jsonName}`
      if (!field.message || field.message.typeName.startsWith('google.protobuf.')) return [[path, field] as const]
      const deep = field.fieldKind === 'list' || prefix.split('.').length > 2
      return deep ? [] : queryFields(field.message, `${path}.`, taken)
    })
}

function parameter(where: 'path' | 'query', name: string, field: DescField | undefined, schemas: Schemas): Schema {
  const { description, ...schema } = field ? schemas.field(field) : { description: undefined }
  return {
    name,
    in: where,
    ...(where === 'path' ? { required: true } : {}),
    ...(description ? { description } : {}),
    schema,
  }
}

function requestBody(
  { body }: Binding,
  input: DescMessage,
  taken: ReadonlySet<DescField | undefined>,
  schemas: Schemas,
): Schema {
  if (body === '') return {}
  const field = body === '*' ? undefined : fieldAt(input, body)
  const schema = field ? schemas.field(field) : schemas.object(input, (one) => !taken.has(one))
  return { requestBody: { required: true, content: { 'application/json': { schema } } } }
}
