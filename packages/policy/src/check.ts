// Checks the whole folder: first each list of values by itself, then what the rulebooks say must agree.
import type { Day } from '@jinbao/core'
import { consistency } from './consistency.ts'
import { allEntries, type Entry, type Finding, NATION, type PolicyFolder } from './model.ts'
import { parsePolicy, policyFiles, shippedPolicy } from './read.ts'

/** How long before its end a temporary value raises a warning. */
const WARN_DAYS = 92

const at = ({ file, line, key }: Entry) => ({ file, line, key })

/** `a` comes before `b` in the same place. */
function pair(a: Entry, b: Entry): Finding | undefined {
  if (a.from === b.from && (a.published ?? '') >= (b.published ?? ''))
    return {
      severity: 'error',
      ...at(b),
      why: `two values from ${b.from}`,
      todo: 'give the correction a later published',
    }
  if (a.from !== b.from && a.to !== undefined && a.to >= b.from)
    return {
      severity: 'error',
      ...at(b),
      why: `overlaps the value from ${a.from} to ${a.to}`,
      todo: 'end that one the day before',
    }
  return undefined
}

function temporary(entry: Entry, list: readonly Entry[], today: Day | undefined): Finding | undefined {
  if (!entry.temporary) return undefined
  if (entry.to === undefined)
    return {
      severity: 'error',
      ...at(entry),
      why: 'is temporary but has no end',
      todo: 'put to, or take temporary away',
    }
  if (!today || list.some((other) => other.from > entry.from)) return undefined
  const left = Temporal.PlainDate.from(today).until(entry.to, { largestUnit: 'days' }).days
  if (left > WARN_DAYS || left < 0) return undefined
  return {
    severity: 'warning',
    ...at(entry),
    why: `runs out on ${entry.to}`,
    todo: 'load the extension, or the rule that returns',
  }
}

function places(folder: PolicyFolder): Finding[] {
  const found: Finding[] = []
  const error = (file: string, line: number, why: string, todo: string) =>
    found.push({ severity: 'error', file, line, why, todo })
  if (!folder.places.has(NATION)) error('national/place.yaml', 1, 'the nation is missing', 'add national/place.yaml')
  for (const { code, parent, file, line, poolingRegion } of folder.places.values()) {
    for (const other of [parent, poolingRegion])
      if (other !== undefined && !folder.places.has(other))
        error(file, line, `place ${other} is unknown`, 'add its folder')
    const seen = new Set([code])
    for (let above = parent; above !== undefined; above = folder.places.get(above)?.parent) {
      if (seen.has(above)) {
        error(file, line, `${code} stands above itself`, 'mend parent')
        break
      }
      seen.add(above)
    }
  }
  return found
}

/** `today` raises the alarm over temporary values that run out. */
export function checkFolder(folder: PolicyFolder, today?: Day): readonly Finding[] {
  const found: Finding[] = [...folder.findings, ...places(folder)]
  for (const byPlace of folder.entries.values())
    for (const list of byPlace.values()) {
      const files = new Set(list.map((entry) => entry.file))
      const first = list[0]
      if (files.size > 1 && first)
        found.push({
          severity: 'warning',
          ...at(first),
          why: `stands in ${[...files].join(', ')}`,
          todo: 'keep it in one file',
        })
      for (const [i, entry] of list.entries()) {
        const next = list[i + 1]
        found.push(
          ...[next && pair(entry, next), temporary(entry, list, today)].filter((finding) => finding !== undefined),
        )
      }
    }
  return [...found, ...consistency(folder)]
}

export function checkPolicy(folder: string = shippedPolicy, today?: Day): readonly Finding[] {
  return checkFolder(parsePolicy(policyFiles(folder)), today)
}

/** How many values stand under each mark: what is still to be read from the issuing document. */
export function countMarks(folder: PolicyFolder): Readonly<Record<string, number>> {
  const count: Record<string, number> = {}
  for (const { answer } of allEntries(folder)) count[answer.policy.mark] = (count[answer.policy.mark] ?? 0) + 1
  return count
}

export function findingLine({ severity, file, line, key, why, todo }: Finding): string {
  return `${file}:${line}: ${severity}: ${key ? `${key}: ` : ''}${why}; ${todo}`
}
