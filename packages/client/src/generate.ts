// OpenAPI document -> the text of gen/operations.ts: one type of request and answer an operation, and where it is found.
// A request is one flat object, as in the proto: the client knows what of it goes into the path, the query, the body.

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

type Parameter = { readonly name: string; readonly in: string; readonly schema: Schema } | { readonly $ref: string }

export interface Schema {
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly enum?: readonly string[]
  readonly type?: string
  readonly description?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
}

const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
const named = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name))
const comment = (text: string | undefined, indent: string) =>
  text ? `${indent}/** ${text.replace(/\s+/g, ' ').replace(/\*\//g, '*\\/')} */\n` : ''

export function typeOf(schema: Schema, indent = ''): string {
  const [single] = schema.allOf ?? []
  if (single) return typeOf(single, indent)
  if (schema.$ref) return `Schemas[${quoted(schema.$ref.split('/').at(-1) ?? '')}]`
  if (schema.enum) return schema.enum.map(quoted).join(' | ')
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'number':
      return schema.type
    case 'integer':
      return 'number'
    case 'array':
      return `readonly (${typeOf(schema.items ?? {}, indent)})[]`
    case 'object':
      return objectType(schema, indent)
    default:
      return 'unknown'
  }
}

function objectType({ properties, required = [], additionalProperties }: Schema, indent: string): string {
  if (!properties && typeof additionalProperties === 'object')
    return `Readonly<Record<string, ${typeOf(additionalProperties, indent)}>>`
  const fields = Object.entries(properties ?? {}).map(([name, schema]) => {
    const type = typeOf(schema, `${indent}  `)
    const optional = required.includes(name) ? `: ${type}` : `?: ${type} | undefined`
    return `${comment(schema.description, `${indent}  `)}${indent}  readonly ${named(name)}${optional}\n`
  })
  return fields.length > 0 ? `{\n${fields.join('')}${indent}}` : 'Readonly<Record<string, never>>'
}

interface Found {
  readonly name: string
  readonly verb: string
  readonly path: string
  readonly command: boolean
  readonly request: Schema
  readonly answer: Schema
  readonly summary: string | undefined
}

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const json = (content: Content | undefined) => content?.content?.['application/json']?.schema

/** `PensionService_GetAccount` of the tag `pension` -> `pension.GetAccount` */
function found(path: string, verb: string, operation: Operation): Found {
  const [tag = ''] = operation.tags
  const own = (operation.parameters ?? []).flatMap((parameter) => ('name' in parameter ? [parameter] : []))
  const body = json(operation.requestBody)
  const fields = Object.fromEntries(own.map(({ name, schema }) => [camel(name), schema]))
  return {
    name: `${tag}.${operation.operationId.replace(/^\w+?_/, '')}`,
    verb: verb.toUpperCase(),
    path: path.replace(/\{(\w+)\}/g, (_, field: string) => `{${camel(field)}}`),
    command: (operation.parameters ?? []).some((one) => '$ref' in one && one.$ref.endsWith('/IdempotencyKey')),
    request: {
      type: 'object',
      properties: { ...fields, ...body?.properties },
      required: own.flatMap((parameter) => (parameter.in === 'path' ? [camel(parameter.name)] : [])),
    },
    answer: json(operation.responses['200']) ?? {},
    summary: operation.summary,
  }
}

export function generate({ paths, components }: OpenApi): string {
  const all = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs)
      .filter(([, { tags }]) => !tags.includes('imports'))
      .map(([verb, operation]) => found(path, verb, operation)),
  )
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema.description, '  ')}  ${quoted(name)}: ${typeOf(schema, '  ')}\n`,
  )
  const types = all.map(
    ({ name, request, answer, summary }) =>
      `${comment(summary, '  ')}  ${quoted(name)}: {\n    request: ${typeOf(request, '    ')}\n    answer: ${typeOf(answer, '    ')}\n  }\n`,
  )
  const routes = all.map(
    ({ name, verb, path, command }) =>
      `  ${quoted(name)}: { verb: ${quoted(verb)}, path: ${quoted(path)}, command: ${command} },\n`,
  )
  return [
    '// Made from the OpenAPI document of the gateway by scripts/client.ts. Whole numbers of 64 bits are strings.\n\n',
    `export interface Schemas {\n${schemas.join('')}}\n\n`,
    `export interface Operations {\n${types.join('')}}\n\n`,
    `export const routes = {\n${routes.join('')}} as const\n`,
  ].join('')
}
