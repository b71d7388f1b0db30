// Path variables and query parameters as the JSON of a message, by the types of its fields.
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf'
import type { FieldProblem } from '@jinbao/core'

export type Json = Record<string, unknown>

/** The field at `a.b`, under its proto or JSON names. */
export function fieldAt(message: DescMessage, path: string): DescField | undefined {
  let at: DescMessage | undefined = message
  let found: DescField | undefined
  for (const name of path.split('.')) {
    if (!at) return undefined
    found = at.fields.find((field) => field.name === name || field.jsonName === name)
    at = found?.fieldKind === 'message' ? found.message : undefined
  }
  return found
}

/** Text of a URL as the JSON value its field takes; what does not fit is left for the check to name. */
function jsonOf(field: DescField, texts: readonly string[]): unknown {
  const one = (text: string) => {
    const scalar = field.fieldKind === 'scalar' || field.fieldKind === 'list' ? field.scalar : undefined
    if (scalar === ScalarType.BOOL) return text === 'true' ? true : text === 'false' ? false : text
    if (field.enum && /^\d{1,9}$/.test(text)) return Number(text)
    return text
  }
  if (field.fieldKind === 'list') return texts.map(one)
  return one(texts.at(-1) ?? '')
}

/** Sets the field at `a.b`; undefined when the message has no such field that a URL can carry. */
export function setField(json: Json, message: DescMessage, path: string, texts: readonly string[]): boolean {
  const field = fieldAt(message, path)
  if (!field || field.fieldKind === 'map' || (field.message && !field.message.typeName.startsWith('google.protobuf.')))
    return false
  const names = path.split('.')
  let at = json
  let type: DescMessage | undefined = message
  for (const name of names.slice(0, -1)) {
    const step: DescField | undefined = type?.fields.find((one) => one.name === name || one.jsonName === name)
    const key = step?.jsonName ?? name
    const next = Object.hasOwn(at, key) ? at[key] : undefined
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) at = next as Json
    else {
      const made: Json = {}
      at[key] = made
      at = made
    }
    type = step?.fieldKind === 'message' ? step.message : undefined
  }
  const key = field.jsonName
  // The path names the thing meant; a body that repeats it under the proto name must not give it twice.
  if (field.name !== key) delete at[field.name]
  at[key] = jsonOf(field, texts)
  return true
}

/** Query parameters by name; `validateOnly` and its like are the gateway's own and left out. */
export function queryOf(search: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(search)) {
    const known = found.get(name)
    if (known) known.push(value)
    else found.set(name, [value])
  }
  return found
}

export const unknownParameter = (name: string): FieldProblem => ({
  field: name,
  reason: 'UNKNOWN_FIELD',
  message: 'is no parameter of this request',
})
