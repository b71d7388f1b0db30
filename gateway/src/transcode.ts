// One rpc over HTTP and JSON, driven by its descriptors alone: JSON -> bytes -> transport -> bytes -> JSON.
import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonObject,
  type Message,
  type Registry,
  toBinary,
  toJson,
} from '@bufbuild/protobuf'
import { isFieldError } from '@bufbuild/protobuf/reflect'
import type { FieldProblem } from '@jinbao/core'
import { checkOf, type MessageCheck } from './check.ts'
import type { Binding, Rpc } from './descriptors.ts'
import { fieldAt, type Json, queryOf, setField, unknownParameter } from './input.ts'
import { refusal } from './problem.ts'
import { parseTemplate } from './router.ts'

export interface Route {
  readonly rpc: Rpc
  readonly binding: Binding
  readonly input: DescMessage
  readonly output: DescMessage
  readonly check: MessageCheck
  readonly registry: Registry
  /** JSON names. */
  readonly bodyField: string | undefined
  readonly pageField: string | undefined
  readonly receiptField: string | undefined
  readonly responseField: string | undefined
}

const RECEIPT = 'jinbao.common.v1.Receipt'

export function routeOf(rpc: Rpc, binding: Binding, registry: Registry): Route {
  const { input, output } = rpc.method
  const named = (path: string): string => {
    const field = fieldAt(input, path)
    if (!field) throw new Error(`${binding.template} of ${rpc.path} names the field ${path}, which is not there`)
    return field.jsonName
  }
  for (const segment of parseTemplate(binding.template).segments) if ('name' in segment) named(segment.name)
  const receipt = output.fields.find((field) => field.message?.typeName === RECEIPT && field.fieldKind === 'message')
  return {
    rpc,
    binding,
    input,
    output,
    registry,
    check: checkOf(input),
    bodyField: binding.body === '' || binding.body === '*' ? undefined : named(binding.body),
    pageField: input.fields.find(({ name }) => name === 'page_size')?.jsonName,
    receiptField: receipt?.localName,
    responseField: output.fields.find(({ name }) => name === binding.responseBody)?.jsonName,
  }
}

const bodyMustBeObject = { field: '', reason: 'WRONG_TYPE', message: 'the body must be a JSON object' }

/** The gateway's own parameter, on every command. */
export const VALIDATE_ONLY = ['validateOnly', 'validate_only']

export interface Given {
  readonly values: readonly (readonly [path: string, value: string])[]
  readonly search: string
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown
  readonly maxPage: number
}

export interface Read {
  readonly bytes: Uint8Array
  readonly message: Message
  /** Text of the query parameter validateOnly. */
  readonly validateOnly: string | undefined
}

export function readRequest(route: Route, given: Given): Read {
  const faults: FieldProblem[] = []
  const json = bodyOf(route, given.body, faults)
  const validateOnly = given.search ? applyQuery(route, json, given.search, faults) : undefined
  for (const [path, value] of given.values) applyPath(route, json, path, value, faults)
  if (faults.length > 0) throw refusal('FIELDS_INVALID', { fields: faults })
  const message = messageOf(route, json, given.maxPage)
  return { message, bytes: toBinary(route.input, message), validateOnly }
}

export function messageOf(route: Route, json: Json, maxPage: number): Message {
  const faults = route.check(json)
  if (faults.length > 0) throw refusal('FIELDS_INVALID', { fields: faults })
  if (route.pageField && Number(json[route.pageField] ?? 0) > maxPage) json[route.pageField] = maxPage
  try {
    return fromJson(route.input, json as JsonObject, { registry: route.registry })
  } catch (error) {
    // Only forms that the check leaves to protobuf's own reader come here; its text may quote what was sent.
    const field = isFieldError(error) ? error.field().name : ''
    throw refusal('FIELDS_INVALID', { fields: [{ field, reason: 'WRONG_TYPE', message: 'is not of the right form' }] })
  }
}

function bodyOf({ binding, bodyField }: Route, body: unknown, faults: FieldProblem[]): Json {
  if (binding.body === '' || body === undefined) return {}
  if (bodyField) return { [bodyField]: body }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json
  faults.push(bodyMustBeObject)
  return {}
}

function applyQuery(route: Route, json: Json, search: string, faults: FieldProblem[]): string | undefined {
  let validateOnly: string | undefined
  for (const [name, texts] of queryOf(search)) {
    if (VALIDATE_ONLY.includes(name)) validateOnly = texts.at(-1)
    else if (route.binding.body === '*' || !setField(json, route.input, name, texts))
      faults.push(unknownParameter(name))
  }
  return validateOnly
}

function applyPath({ input }: Route, json: Json, path: string, value: string, faults: FieldProblem[]): void {
  const field = fieldAt(input, path)
  if (field && !path.includes('.'))
    for (const name of [field.name, field.jsonName])
      if (Object.hasOwn(json, name) && json[name] !== null && String(json[name]) !== value)
        faults.push({ field: name, reason: 'FIELD_CONFLICT', message: 'differs from the same field in the address' })
  setField(json, input, path, [value])
}

export interface Answer {
  readonly text: string
  /** `service:position` of a command's receipt. */
  readonly position: string | undefined
}

const printing = { alwaysEmitImplicit: true } as const

/** Zero values are written out, so that an answer always has the same fields. */
export function writeResponse(route: Route, bytes: Uint8Array): Answer {
  const message = fromBinary(route.output, bytes)
  const json = toJson(route.output, message, { ...printing, registry: route.registry }) as JsonObject
  const receipt = route.receiptField
    ? ((message as unknown as Record<string, unknown>)[route.receiptField] as { position?: string } | undefined)
    : undefined
  const shown = route.responseField ? (json[route.responseField] ?? null) : json
  return { text: JSON.stringify(shown), position: receipt?.position || undefined }
}
