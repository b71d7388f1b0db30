// An honest document, recorded with the part of the law it rests on: it must verify for ever. Every operation is in it.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ExplanationClaim } from './document.ts'
import { Law } from './law.ts'

const fixtures = resolve(import.meta.dirname, '../fixtures')
export const policyFolder = resolve(fixtures, 'policy')
export const law = Law.open(policyFolder)
export const honest: ExplanationClaim = JSON.parse(readFileSync(resolve(fixtures, 'honest.json'), 'utf8'))

type Changeable<T> = { -readonly [K in keyof T]: Changeable<T[K]> }

/** A copy of a document with something changed in it. */
export function changed(
  document: ExplanationClaim,
  change: (copy: Changeable<ExplanationClaim>) => void,
): ExplanationClaim {
  const copy = JSON.parse(JSON.stringify(document)) as Changeable<ExplanationClaim>
  change(copy)
  return copy
}

/** As `changed`, of one step. */
export function changedStep(
  document: ExplanationClaim,
  id: string,
  change: (step: Changeable<ExplanationClaim['steps'][number]>) => void,
): ExplanationClaim {
  return changed(document, ({ steps }) => {
    const step = steps.find((one) => one.id === id)
    if (!step) throw new RangeError(`no step ${id}`)
    change(step)
  })
}
