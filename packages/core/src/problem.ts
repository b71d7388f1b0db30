/** gRPC status codes a Problem may carry, by their canonical names. */
export type Code =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'OUT_OF_RANGE'
  | 'PERMISSION_DENIED'
  | 'UNAUTHENTICATED'
  | 'RESOURCE_EXHAUSTED'
  | 'DEADLINE_EXCEEDED'
  | 'UNIMPLEMENTED'
  | 'UNAVAILABLE'
  | 'CANCELLED'
  | 'INTERNAL'

/** One field of the request that is wrong: which, why, what to do. */
export interface FieldProblem {
  /** Path in the request, as the caller wrote it: `lines[3].wageFen`. */
  readonly field: string
  /** UPPER_SNAKE reason a program can read. */
  readonly reason: string
  readonly message: string
}

export interface ProblemDetails {
  readonly fields?: readonly FieldProblem[]
  /** Service whose documented list holds the reason; `jinbao` for the platform's own. */
  readonly service?: string
  /** Rule id of the rulebook and the legal source behind a refusal. */
  readonly rule?: string
  readonly source?: string
  /** The same sentence in Chinese. */
  readonly zh?: string
  /** Values of the message's placeholders. */
  readonly values?: Readonly<Record<string, string>>
  /** For UNAVAILABLE and RESOURCE_EXHAUSTED: when to try again, in milliseconds. */
  readonly retryAfterMs?: number
}

/** The one error class: an expected no. Anything else thrown is a defect. */
export class Problem extends Error {
  readonly code: Code
  /** UPPER_SNAKE reason a program can read. */
  readonly reason: string
  readonly details: ProblemDetails

  constructor(code: Code, reason: string, message: string, details: ProblemDetails = {}) {
    super(message)
    this.name = 'Problem'
    this.code = code
    this.reason = reason
    this.details = details
  }
}

/** One documented refusal. `{name}` in the texts is filled from the values given when refusing. */
export interface Refusal {
  /** Default FAILED_PRECONDITION. */
  readonly code?: Code
  /** Rule id, e.g. `C-10`. */
  readonly rule: string
  /** Legal or technical source. */
  readonly source: string
  readonly zh: string
  readonly en: string
}

const fill = (text: string, values: Readonly<Record<string, string>>) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : whole))

export type Refuse<Reason extends string> = (
  reason: Reason,
  values?: Readonly<Record<string, string | number | bigint>>,
  fields?: readonly FieldProblem[],
) => never

/**
 * Makes a service's `refuse` from its documented list; docs/refusals.md is generated from the same list.
 * `refuse('MONTH_ALREADY_CREDITED', { month })` throws the Problem.
 */
export function defineRefusals<const T extends Readonly<Record<string, Refusal>>>(
  service: string,
  table: T,
): { readonly service: string; readonly table: T; readonly refuse: Refuse<keyof T & string> } {
  const refuse: Refuse<keyof T & string> = (reason, given = {}, fields) => {
    const entry = table[reason] as Refusal
    const values = Object.fromEntries(Object.entries(given).map(([k, v]) => [k, String(v)]))
    throw new Problem(entry.code ?? 'FAILED_PRECONDITION', reason, fill(entry.en, values), {
      service,
      rule: entry.rule,
      source: entry.source,
      zh: fill(entry.zh, values),
      values,
      ...(fields ? { fields } : {}),
    })
  }
  return { service, table, refuse }
}
