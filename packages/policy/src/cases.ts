// Golden cases a lawyer can read: `<thing>.cases.yaml` beside a rule becomes one test a case.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'

/** All scalars are text, so that 1145.92 stays 1145.92. */
export type CaseValue = string | readonly CaseValue[] | { readonly [name: string]: CaseValue }
export type CaseFields = Readonly<Record<string, string>>

export interface Case<G = CaseFields, E = CaseValue> {
  /** `EX-1`; the test's name starts with it. */
  readonly id: string
  /** Rule ids the case proves, over and above its id. */
  readonly rule?: string
  readonly title: string
  readonly given: G
  readonly expect: E
}

interface CaseFile<G, E> {
  readonly rule?: string
  readonly given?: Partial<G>
  readonly cases: readonly Case<G, E>[]
}

/** Reads a case file; the file's own `rule` and `given` hold for every case that has none. */
export function readCases<G = CaseFields, E = CaseValue>(file: string): readonly Case<G, E>[] {
  const read = parse(fs.readFileSync(file, 'utf8'), { schema: 'failsafe' }) as CaseFile<G, E>
  assert.ok(Array.isArray(read?.cases) && read.cases.length > 0, `${path.basename(file)} has no cases`)
  return read.cases.map((one) => {
    const { id, title, given, expect } = one
    assert.ok(id && title && expect !== undefined, `${path.basename(file)}: a case needs id, title and expect`)
    const rule = one.rule ?? read.rule
    return { id, title, expect, given: { ...read.given, ...given }, ...(rule === undefined ? {} : { rule }) }
  })
}

/** One test a case, named by its ids: what `fn` makes of the given must be exactly the expected. */
export function runCases<G = CaseFields, E = CaseValue>(
  file: string,
  fn: (given: G, one: Case<G, E>) => E | Promise<E>,
): void {
  for (const one of readCases<G, E>(file))
    test(`${one.id}${one.rule ? ` ${one.rule}` : ''}: ${one.title}`, async () => {
      assert.deepEqual(await fn(one.given, one), one.expect)
    })
}
