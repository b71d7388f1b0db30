// Looks up what governs: the place, then its province, then the nation; in each the latest start that was known.
import { createHash } from 'node:crypto'
import {
  type Asked,
  type Day,
  isDay,
  type Policy,
  type PolicyOn,
  type PolicyTable,
  type PolicyValue,
  type PolicyWord,
} from '@jinbao/core'
import type { Ask, Recorder } from './basis.ts'
import { addWorkingDays, CALENDAR } from './calendar.ts'
import { checkFolder } from './check.ts'
import { allEntries, type Entry, type Place, type PolicyFolder, type PolicyKey, type Shape } from './model.ts'
import { type PolicyFiles, parsePolicy, policyFiles, shippedPolicy } from './read.ts'
import { refuse } from './refusals.ts'

export interface Knowledge {
  /** Day of knowledge: values published later do not exist. Left out: all is known. */
  readonly knownAt?: Day
  readonly recorder?: Recorder
}

/** Laws kept ready before the memory is started over. */
const KEPT = 50_000

/** A question with its answer as explanations keep it: what was asked for, and what the value is called. */
interface Answered extends Ask {
  readonly answer: Entry['answer'] | undefined
}

/** The law of one place on one day by one state of knowledge, without a recorder. Shared by all who ask. */
class Law {
  readonly book: PolicyBook
  readonly place: string
  readonly day: Day
  readonly knownAt: Day | undefined
  readonly chain: readonly string[]
  readonly #asked: Asked
  readonly #asks = new Map<string, Answered>()

  constructor(book: PolicyBook, place: string, day: Day, knownAt: Day | undefined) {
    if (!isDay(day)) throw new RangeError(`not a day: ${day}`)
    if (knownAt !== undefined && !isDay(knownAt)) throw new RangeError(`not a day: ${knownAt}`)
    this.book = book
    this.place = place
    this.day = day
    this.knownAt = knownAt
    this.chain = book.chain(place)
    this.#asked = { place, day }
  }

  ask(key: string): Answered {
    const known = this.#asks.get(key)
    if (known) return known
    const { rule, zh, en } = this.book.key(key)
    const entry = this.#find(key)
    const answer = entry && { ...entry.answer, asked: this.#asked, title: { rule, zh, en } }
    const ask: Answered = { key, asked: this.place, day: this.day, entry, answer }
    this.#asks.set(key, ask)
    return ask
  }

  #find(key: string): Entry | undefined {
    for (const place of this.chain) {
      const entries = this.book.entriesOf(key, place)
      const entry = entries.findLast(
        (e) => e.from <= this.day && !(this.knownAt && e.published && e.published > this.knownAt),
      )
      if (entry && !(entry.to && entry.to < this.day)) return entry
    }
    return undefined
  }
}

class PlacePolicy implements Policy {
  readonly place: string
  readonly day: Day
  readonly #law: Law
  readonly #recorder: Recorder | undefined

  constructor(law: Law, recorder: Recorder | undefined) {
    this.#law = law
    this.#recorder = recorder
    this.place = law.place
    this.day = law.day
  }

  #ask(key: string): Answered {
    const ask = this.#law.ask(key)
    this.#recorder?.ask(ask)
    return ask
  }

  #answer(key: string, shape: Shape): Entry['answer'] {
    const { answer } = this.#ask(key)
    const declared = this.#law.book.key(key)
    if (declared.shape !== shape) throw new RangeError(`${key} is a ${declared.shape}, asked as a ${shape}`)
    if (answer) return answer
    const { place, day, knownAt = day } = this.#law
    return refuse('POLICY_PARAM_MISSING', { key, place, day, knownAt, title: declared.en })
  }

  value(key: string): PolicyValue {
    return this.#answer(key, 'value') as PolicyValue
  }
  word<const T extends string>(key: string, allowed: readonly T[]): PolicyWord<T> {
    const answer = this.#answer(key, 'word') as PolicyWord<T>
    if (allowed.includes(answer.word)) return answer
    return refuse('POLICY_WORD_UNKNOWN', { key, place: this.place, word: answer.word, allowed: allowed.join(', ') })
  }
  table(key: string): PolicyTable {
    return this.#answer(key, 'table') as PolicyTable
  }
  has(key: string): boolean {
    return this.#ask(key).entry !== undefined
  }
  addWorkingDays(from: Day, days: number): Day {
    const { book, place, knownAt } = this.#law
    const known = knownAt === undefined ? {} : { knownAt }
    const recorder = this.#recorder ? { recorder: this.#recorder } : {}
    const year = (january: Day) => book.on(place, january, { ...known, ...recorder }).table(CALENDAR)
    return addWorkingDays(from, days, year)
  }
}

export class PolicyBook {
  readonly folder: PolicyFolder
  /** Changes whenever a value, its days or its provenance does. */
  readonly digest: string
  readonly #chains = new Map<string, readonly string[]>()
  readonly #laws = new Map<string, Law>()
  readonly #policies = new Map<Law, Policy>()

  constructor(folder: PolicyFolder) {
    this.folder = folder
    const hash = createHash('sha256')
    for (const { answer, file, line, ...rest } of this.entries()) hash.update(stable({ ...rest, answer }))
    this.digest = hash.digest('hex').slice(0, 16)
  }

  *entries(): IterableIterator<Entry> {
    yield* allEntries(this.folder)
  }
  entriesOf(key: string, place: string): readonly Entry[] {
    return this.folder.entries.get(key)?.get(place) ?? []
  }
  /** An undeclared key is a slip of the program, not of the policy folder. */
  key(key: string): PolicyKey {
    const declared = this.folder.keys.get(key)
    if (!declared) throw new RangeError(`no policy key ${key}: declare it in policy/keys`)
    return declared
  }
  place(code: string): Place {
    return this.folder.places.get(code) ?? refuse('PLACE_UNKNOWN', { place: code })
  }
  /** The place and all above it, lowest first. */
  chain(place: string): readonly string[] {
    const known = this.#chains.get(place)
    if (known) return known
    const { parent } = this.place(place)
    const chain = parent ? [place, ...this.chain(parent)] : [place]
    this.#chains.set(place, chain)
    return chain
  }

  #law(place: string, day: Day, knownAt: Day | undefined): Law {
    const name = `${place} ${day} ${knownAt ?? ''}`
    const known = this.#laws.get(name)
    if (known) return known
    if (this.#laws.size >= KEPT) {
      this.#laws.clear()
      this.#policies.clear()
    }
    const law = new Law(this, place, day, knownAt)
    this.#laws.set(name, law)
    return law
  }

  /** The law of a place on a day. */
  on(place: string, day: Day, { knownAt, recorder }: Knowledge = {}): Policy {
    const law = this.#law(place, day, knownAt)
    if (recorder) return new PlacePolicy(law, recorder)
    const known = this.#policies.get(law)
    if (known) return known
    const policy = new PlacePolicy(law, undefined)
    this.#policies.set(law, policy)
    return policy
  }

  /** The law of a place on any day, as a rule takes it. Keep it as long as place, knowledge and recorder stay. */
  policyOn(place: string, knowledge: Knowledge = {}): PolicyOn {
    this.place(place)
    const here = new Map<Day, Policy>()
    return (day, elsewhere) => {
      if (elsewhere !== undefined && elsewhere !== place) return this.on(elsewhere, day, knowledge)
      const known = here.get(day)
      if (known) return known
      if (here.size >= KEPT) here.clear()
      const policy = this.on(place, day, knowledge)
      here.set(day, policy)
      return policy
    }
  }

  /** Keys a service needs that the place lacks on a day: what to add before the service can run there. */
  missing(place: string, day: Day, service?: string): readonly PolicyKey[] {
    const policy = this.on(place, day)
    const needed = [...this.folder.keys.values()].filter((k) => (service ? k.neededBy === service : k.neededBy))
    return needed.filter((key) => !policy.has(key.key))
  }
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'bigint' ? `${part}n` : part instanceof Map ? [...part] : part,
  )
}

/** The law of files given as text; `POLICY_INVALID` when something is wrong with them. */
export function policyBook(files: PolicyFiles): PolicyBook {
  const folder = parsePolicy(files)
  const errors = checkFolder(folder).filter((finding) => finding.severity === 'error')
  const [first] = errors
  if (first)
    refuse('POLICY_INVALID', {
      count: errors.length,
      first: `${first.file}:${first.line} ${first.key ?? ''} ${first.why}`,
    })
  return new PolicyBook(folder)
}

/** Reads a policy folder; `more` adds or replaces files, for a trial of values not yet in force. */
export function loadPolicy(folder: string = shippedPolicy, more: PolicyFiles = {}): PolicyBook {
  return policyBook({ ...policyFiles(folder), ...more })
}
