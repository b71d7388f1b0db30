// Looks through a JSON value before it becomes a message, so that every fault is named by its path, not only the first.
// Stricter than proto JSON where leniency would lose something: no unknown enum numbers, no whole numbers that a
// JSON number cannot hold exactly, no null inside a list.
import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf'
import { base64Decode } from '@bufbuild/protobuf/wire'
import type { FieldProblem } from '@jinbao/core'

/** More faults than this are not listed. */
const MAX_FAULTS = 100
const MAX_DEPTH = 60

type Fault = (path: string, reason: string, message: string) => void
type Check = (value: unknown, path: string, fault: Fault, depth: number) => void

export type MessageCheck = (value: unknown) => FieldProblem[]

const compiled = new WeakMap<DescMessage, Check>()

/** Checker of a message's JSON; compiled once. */
export function checkOf(message: DescMessage): MessageCheck {
  const check = messageCheck(message)
  return (value) => {
    const faults: FieldProblem[] = []
    check(
      value,
      '',
      (field, reason, text) => {
        if (faults.length < MAX_FAULTS) faults.push({ field, reason, message: text })
      },
      0,
    )
    return faults
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function messageCheck(message: DescMessage): Check {
  const known = compiled.get(message)
  if (known) return known
  const fields = new Map<string, { readonly field: DescField; check?: Check }>()
  const check: Check = (value, path, fault, depth) => {
    if (!isObject(value)) return fault(path, 'WRONG_TYPE', 'must be a JSON object')
    if (depth > MAX_DEPTH) return fault(path, 'TOO_DEEP', `must not be nested deeper than ${MAX_DEPTH} levels`)
    const oneofs = new Set<string>()
    const seen = new Set<DescField>()
    for (const key of Object.keys(value)) {
      const at = path ? `${path}.${key}` : key
      const entry = fields.get(key)
      if (!entry) {
        fault(at, 'UNKNOWN_FIELD', 'is no field of this request')
        continue
      }
      const { field } = entry
      if (seen.has(field)) fault(at, 'FIELD_TWICE', 'is given twice, under both of its names')
      seen.add(field)
      if (value[key] === null && field.message?.typeName !== 'google.protobuf.Value') continue
      if (field.oneof) {
        if (oneofs.has(field.oneof.name)) fault(at, 'ONE_OF', 'excludes another field that is given')
        oneofs.add(field.oneof.name)
      }
      entry.check ??= fieldCheck(field)
      entry.check(value[key], at, fault, depth + 1)
    }
  }
  compiled.set(message, check)
  for (const field of message.fields) {
    const entry = { field }
    fields.set(field.name, entry)
    fields.set(field.jsonName, entry)
  }
  return check
}

function fieldCheck(field: DescField): Check {
  if (field.fieldKind === 'list') {
    const element = field.message ? subCheck(field.message) : field.enum ? enumCheck(field.enum) : scalar(field.scalar)
    return (value, path, fault, depth) => {
      if (!Array.isArray(value)) return fault(path, 'WRONG_TYPE', 'must be a list')
      for (let i = 0; i < value.length; i++) element(value[i], `${path}[${i}]`, fault, depth)
    }
  }
  if (field.fieldKind === 'map') {
    const element = field.message ? subCheck(field.message) : field.enum ? enumCheck(field.enum) : scalar(field.scalar)
    const keyCheck = field.mapKey === ScalarType.STRING ? undefined : scalar(field.mapKey)
    return (value, path, fault, depth) => {
      if (!isObject(value)) return fault(path, 'WRONG_TYPE', 'must be a JSON object')
      for (const key of Object.keys(value)) {
        keyCheck?.(field.mapKey === ScalarType.BOOL ? key === 'true' : key, `${path}.${key}`, fault, depth)
        element(value[key], `${path}.${key}`, fault, depth)
      }
    }
  }
  if (field.fieldKind === 'message') return subCheck(field.message)
  return field.fieldKind === 'enum' ? enumCheck(field.enum) : scalar(field.scalar)
}

// Well-known types have JSON forms of their own; protobuf's reader judges them.
const subCheck = (message: DescMessage): Check =>
  message.typeName.startsWith('google.protobuf.') ? () => undefined : messageCheck(message)

function enumCheck(of: DescEnum): Check {
  const names = new Set(of.values.map(({ name }) => name))
  const numbers = new Set(of.values.map(({ number }) => number))
  const sentence = `must be one of ${of.values.map(({ name }) => name).join(', ')}`
  return (value, path, fault) => {
    if (typeof value === 'string' ? !names.has(value) : !numbers.has(value as number))
      fault(path, 'UNKNOWN_VALUE', sentence)
  }
}

const bounds: Partial<Record<ScalarType, readonly [lowest: bigint, highest: bigint]>> = {
  [ScalarType.INT32]: [-(2n ** 31n), 2n ** 31n - 1n],
  [ScalarType.SINT32]: [-(2n ** 31n), 2n ** 31n - 1n],
  [ScalarType.SFIXED32]: [-(2n ** 31n), 2n ** 31n - 1n],
  [ScalarType.UINT32]: [0n, 2n ** 32n - 1n],
  [ScalarType.FIXED32]: [0n, 2n ** 32n - 1n],
  [ScalarType.INT64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [ScalarType.SINT64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [ScalarType.SFIXED64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [ScalarType.UINT64]: [0n, 2n ** 64n - 1n],
  [ScalarType.FIXED64]: [0n, 2n ** 64n - 1n],
}

function scalar(type: ScalarType): Check {
  const range = bounds[type]
  if (range) return wholeNumber(range)
  switch (type) {
    case ScalarType.STRING:
      return (value, path, fault) => {
        if (typeof value !== 'string') fault(path, 'WRONG_TYPE', 'must be text')
        else if (!value.isWellFormed()) fault(path, 'BROKEN_TEXT', 'holds half of a character')
      }
    case ScalarType.BOOL:
      return (value, path, fault) => {
        if (typeof value !== 'boolean') fault(path, 'WRONG_TYPE', 'must be true or false')
      }
    case ScalarType.BYTES:
      return (value, path, fault) => {
        if (typeof value !== 'string' || !isBase64(value)) fault(path, 'WRONG_TYPE', 'must be base64 text')
      }
    default:
      return (value, path, fault) => {
        const fine = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
        if (!fine) fault(path, 'WRONG_TYPE', 'must be a number')
      }
  }
}

function wholeNumber([lowest, highest]: readonly [bigint, bigint]): Check {
  return (value, path, fault) => {
    if (typeof value !== 'number' && typeof value !== 'string')
      return fault(path, 'WRONG_TYPE', 'must be a whole number')
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      return fault(path, 'NUMBER_TOO_LARGE', 'is too large for a JSON number: send it as text')
    if (typeof value === 'number' ? !Number.isInteger(value) : !/^-?(0|[1-9]\d{0,19})$/.test(value))
      return fault(path, 'WRONG_TYPE', 'must be a whole number')
    const whole = BigInt(value)
    if (whole < lowest || whole > highest) fault(path, 'OUT_OF_RANGE', `must be from ${lowest} to ${highest}`)
  }
}

function isBase64(text: string): boolean {
  try {
    base64Decode(text)
    return true
  } catch {
    return false
  }
}
