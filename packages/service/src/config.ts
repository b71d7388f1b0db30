// Configuration by environment: every variable is declared, validated and printed; an unknown or malformed one stops
// the start with a clear line.
import { Problem } from '@jinbao/core'

export interface Setting<T> {
  readonly help: string
  readonly default: T
  /** Throws with a reason when the text will not do. */
  readonly parse: (text: string) => T
  /** Shown as `***`. */
  readonly secret?: boolean
}

export const text = (help: string, fallback = ''): Setting<string> => ({
  help,
  default: fallback,
  parse: (value) => value,
})
export const secret = (help: string): Setting<string> => ({ help, default: '', parse: (value) => value, secret: true })
export const whole = (help: string, fallback: number, min = 0, max = Number.MAX_SAFE_INTEGER): Setting<number> => ({
  help,
  default: fallback,
  parse(value) {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < min || number > max) throw new Error(`a whole number from ${min} to ${max}`)
    return number
  },
})
export const flag = (help: string, fallback: boolean): Setting<boolean> => ({
  help,
  default: fallback,
  parse(value) {
    if (value !== 'true' && value !== 'false') throw new Error('true or false')
    return value === 'true'
  },
})
export const oneOf = <const T extends string>(help: string, fallback: T, ...others: T[]): Setting<T> => ({
  help,
  default: fallback,
  parse(value) {
    const found = [fallback, ...others].find((word) => word === value)
    if (!found) throw new Error(`one of ${[fallback, ...others].join(', ')}`)
    return found
  },
})

export type Settings = Readonly<Record<string, Setting<unknown>>>
export type Config<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never }

/** Variables any program of ours may find in its environment without naming them. */
const shared = new Set([
  'JINBAO_LOG',
  'JINBAO_CALLED_FROM',
  'JINBAO_TRACE_SLOW_MS',
  'JINBAO_TRACE_PER_SECOND',
  'JINBAO_TRACE_MAX_SPANS',
])

/** Reads JINBAO_… variables. Throws a Problem that names every unknown and malformed one. */
export function readConfig<const S extends Settings>(settings: S, env: NodeJS.ProcessEnv): Config<S> {
  const fields: { field: string; reason: string; message: string }[] = []
  for (const name of Object.keys(env))
    if (name.startsWith('JINBAO_') && !(name in settings) && !shared.has(name))
      fields.push({
        field: name,
        reason: 'UNKNOWN_VARIABLE',
        message: `${name} is no setting of this program; see the printed table`,
      })
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(settings)) {
    const given = env[name]
    try {
      values[name] = given === undefined || given === '' ? setting.default : setting.parse(given)
    } catch (error) {
      fields.push({ field: name, reason: 'MALFORMED_VARIABLE', message: `${name} must be ${(error as Error).message}` })
    }
  }
  if (fields.length > 0)
    throw new Problem('INVALID_ARGUMENT', 'BAD_CONFIGURATION', fields.map(({ message }) => message).join('; '), {
      fields,
    })
  return values as Config<S>
}

/** The table that a program prints at its start. */
export function describeConfig<S extends Settings>(settings: S, config: Config<S>): string {
  const width = Math.max(...Object.keys(settings).map((name) => name.length))
  return Object.entries(settings)
    .map(([name, { help, secret }]) => {
      const value = config[name as keyof S]
      return `${name.padEnd(width)}  ${secret && value ? '***' : String(value)}  # ${help}`
    })
    .join('\n')
}
