// The document as the verifier reads it: its form is checked against the published schema before anything is believed.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Mode } from './fraction.ts'

export interface PolicyClaim {
  readonly key: string
  readonly place: string
  readonly from: string
  readonly to?: string
  readonly published?: string
  readonly source: string
  readonly mark: string
}

export interface Question {
  readonly place: string
  readonly day: string
}

export interface StepClaim {
  readonly id: string
  readonly op: string
  readonly args: readonly string[]
  readonly value: string
  readonly unit: string
  readonly rule?: string
  readonly zh?: string
  readonly en?: string
  readonly round?: { readonly mode: Mode; readonly digits: number }
  readonly comparison?: 'lt' | 'le' | 'eq' | 'ge' | 'gt'
  readonly months?: string
  readonly row?: string
  readonly policy?: PolicyClaim
  readonly asked?: readonly Question[]
}

export interface AmountClaim {
  readonly name: string
  readonly step: string
  readonly amountFen: string
}

export interface ExplanationClaim {
  readonly subject: Readonly<Record<string, string>>
  readonly place: string
  readonly day: string
  readonly knownAt: string
  readonly amounts: readonly AmountClaim[]
  readonly steps: readonly StepClaim[]
}

/** The document cannot be read as an explanation at all. */
export class UnreadableDocument extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`not an explanation document: ${faults.slice(0, 5).join('; ')}`)
    this.name = 'UnreadableDocument'
    this.faults = faults
  }
}

export const schemaFile = resolve(import.meta.dirname, '../../../docs/explanation.schema.json')

let validate: ValidateFunction | undefined

function validator(): ValidateFunction {
  const options = { allErrors: false, strict: true, strictRequired: false, strictTypes: false }
  validate ??= new Ajv2020(options).compile(JSON.parse(readFileSync(schemaFile, 'utf8')))
  return validate
}

export function readDocument(document: unknown): ExplanationClaim {
  const valid = validator()
  if (valid(document)) return document as ExplanationClaim
  throw new UnreadableDocument((valid.errors ?? []).map((e) => `${e.instancePath || '/'} ${e.message ?? ''}`))
}

export function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UnreadableDocument([`no JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
}
