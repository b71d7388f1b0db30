// Folded states as text: JSON with bigint, Map, Set and MonthSet kept.
import { MonthSet } from '@jinbao/core'

type Tagged = { $n: string } | { $months: string } | { $map: [unknown, unknown][] } | { $set: unknown[] }

function replacer(this: unknown, key: string, value: unknown): unknown {
  // JSON.stringify has already called toJSON; the raw value is on the holder.
  const raw = (this as Record<string, unknown>)[key]
  if (typeof raw === 'bigint') return { $n: raw.toString() } satisfies Tagged
  if (raw instanceof MonthSet) return { $months: raw.toString() } satisfies Tagged
  if (raw instanceof Map) return { $map: [...raw] } satisfies Tagged
  if (raw instanceof Set) return { $set: [...raw] } satisfies Tagged
  return value
}

function reviver(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('$n' in value) return BigInt(value.$n as string)
  if ('$months' in value) return MonthSet.parse(value.$months as string)
  if ('$map' in value) return new Map(value.$map as [unknown, unknown][])
  if ('$set' in value) return new Set(value.$set as unknown[])
  return value
}

export const pack = (state: unknown): string => JSON.stringify({ state }, replacer)
export const unpack = <S>(text: string): S => (JSON.parse(text, reviver) as { state: S }).state
