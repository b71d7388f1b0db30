// Messages as JSON schemas of proto JSON.
import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf'
import type { Comments } from './comments.ts'

export type Schema = Record<string, unknown>

const whole64 = (pattern: string) => ({ type: 'string', format: 'int64', pattern })

function scalarSchema(scalar: ScalarType): Schema {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: 'boolean' }
    case ScalarType.STRING:
      return { type: 'string' }
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' }
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return whole64('^-?[0-9]{1,19}$')
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return whole64('^[0-9]{1,20}$')
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' }
    default:
      return { type: 'integer', format: 'int32' }
  }
}

const wellKnown: Readonly<Record<string, Schema>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?s$' },
  'google.protobuf.FieldMask': { type: 'string' },
  'google.protobuf.Struct': { type: 'object' },
  'google.protobuf.Value': {},
  'google.protobuf.ListValue': { type: 'array', items: {} },
  'google.protobuf.Empty': { type: 'object' },
  'google.protobuf.Any': { type: 'object' },
}

/** `jinbao.pension.v1.Account` -> `pension.Account` */
export const schemaName = (typeName: string) => typeName.replace(/^jinbao\./, '').replace(/\.v\d+\./, '.')
const reference = (typeName: string) => ({ $ref: `#/components/schemas/${schemaName(typeName)}` })

export class Schemas {
  readonly #comments: Comments
  /** Messages that only answers hold: their fields are always there. */
  readonly #answers: ReadonlySet<string>
  readonly made = new Map<string, Schema>()

  constructor(comments: Comments, inputs: Iterable<DescMessage>, outputs: Iterable<DescMessage>) {
    this.#comments = comments
    const asked = reachable(inputs)
    this.#answers = new Set([...reachable(outputs)].filter((name) => !asked.has(name)))
  }

  message(message: DescMessage): Schema {
    const known = wellKnown[message.typeName]
    if (known) return known
    const name = schemaName(message.typeName)
    if (!this.made.has(name)) {
      this.made.set(name, {})
      this.made.set(
        name,
        this.object(message, () => true),
      )
    }
    return reference(message.typeName)
  }

  /** An object of some fields of a message. */
  object(message: DescMessage, keep: (field: DescField) => boolean): Schema {
    const fields = message.fields.filter(keep)
    const required = this.#answers.has(message.typeName) ? fields.filter(alwaysThere).map((f) => f.jsonName) : []
    return {
      type: 'object',
      ...this.#described(message.typeName),
      properties: Object.fromEntries(fields.map((field) => [field.jsonName, this.field(field)])),
      ...(required.length > 0 ? { required } : {}),
      ...(this.#answers.has(message.typeName) ? {} : { additionalProperties: false }),
    }
  }

  field(field: DescField): Schema {
    const described = this.#described(`${field.parent.typeName}.${field.name}`)
    const schema = this.#bare(field)
    if ('$ref' in schema && Object.keys(described).length > 0) return { ...described, allOf: [schema] }
    return { ...schema, ...described }
  }

  #bare(field: DescField): Schema {
    const one = (): Schema => {
      if (field.message) return this.message(field.message)
      return field.enum ? this.#enum(field.enum) : scalarSchema(field.scalar as ScalarType)
    }
    if (field.fieldKind === 'list') return { type: 'array', items: one() }
    if (field.fieldKind === 'map') return { type: 'object', additionalProperties: one() }
    return one()
  }

  #enum(of: DescEnum): Schema {
    const name = schemaName(of.typeName)
    if (!this.made.has(name)) {
      const values = of.values.map((value) => value.name)
      const texts = of.values.flatMap((value) => {
        const text = this.#comments.get(`${of.typeName}.${value.name}`)
        return text ? [`- \`${value.name}\`: ${text}`] : []
      })
      const description = [this.#comments.get(of.typeName) ?? '', ...texts].join('\n').trim()
      this.made.set(name, { type: 'string', enum: values, ...(description ? { description } : {}) })
    }
    return reference(of.typeName)
  }

  #described(name: string): Schema {
    const description = this.#comments.get(name)
    return description ? { description } : {}
  }
}

const alwaysThere = (field: DescField) =>
  !field.oneof && !field.proto.proto3Optional && (field.fieldKind !== 'message' || field.message === undefined)

function reachable(from: Iterable<DescMessage>): Set<string> {
  const seen = new Set<string>()
  const visit = (message: DescMessage) => {
    if (seen.has(message.typeName)) return
    seen.add(message.typeName)
    for (const field of message.fields) if (field.message) visit(field.message)
  }
  for (const message of from) visit(message)
  return seen
}
