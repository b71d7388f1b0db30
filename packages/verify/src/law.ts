// The policy folder as the verifier reads it: dated values by key and place, answered city, province, nation.
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { parse } from 'yaml'
import { type Fraction, fraction, read } from './fraction.ts'
import { monthNumber } from './recompute.ts'

export interface LawEntry {
  readonly key: string
  readonly place: string
  readonly from: string
  readonly to?: string
  readonly published?: string
  readonly value?: string
  readonly word?: string
  readonly rows?: Readonly<Record<string, string>>
  readonly source?: string
  readonly mark?: string
}

type Texts = Readonly<Record<string, unknown>>

/** The folder cannot be read as law. */
export class UnreadableLaw extends Error {
  override name = 'UnreadableLaw'
}

export class Law {
  readonly #entries = new Map<string, LawEntry[]>()
  readonly #parents = new Map<string, string | undefined>()
  readonly #units = new Map<string, string>()

  constructor(files: Readonly<Record<string, string>>) {
    for (const [file, text] of Object.entries(files)) this.#take(file, load(file, text))
    if (!this.#parents.size) throw new UnreadableLaw('no place in the policy folder')
    for (const list of this.#entries.values()) list.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
  }

  static open(folder: string): Law {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
    return new Law(
      Object.fromEntries(names.map((name) => [name.split(sep).join('/'), readFileSync(join(folder, name), 'utf8')])),
    )
  }

  #take(file: string, content: Texts) {
    const [folder = '', name] = file.split('/')
    if (folder === 'keys') {
      for (const [key, declared] of Object.entries(content))
        this.#units.set(key, String((declared as Texts | null)?.unit ?? 'WORD'))
      return
    }
    const place = folder === 'national' ? '000000' : folder
    if (name === 'place.yaml') {
      const above = content.parent
      this.#parents.set(place, typeof above === 'string' && above !== '' ? above : undefined)
      return
    }
    for (const [key, list] of Object.entries(content))
      for (const entry of Array.isArray(list) ? (list as Texts[]) : []) {
        const at = `${key} ${place}`
        this.#entries.set(at, [...(this.#entries.get(at) ?? []), { ...entry, key, place } as unknown as LawEntry])
      }
  }

  knowsPlace(place: string): boolean {
    return this.#parents.has(place)
  }
  /** The place, then what lies above it. */
  chain(place: string): readonly string[] {
    const chain: string[] = []
    for (let at: string | undefined = place; at !== undefined && !chain.includes(at); at = this.#parents.get(at)) {
      if (this.knowsPlace(at)) chain.push(at)
    }
    return chain
  }
  entries(key: string, place: string): readonly LawEntry[] {
    return this.#entries.get(`${key} ${place}`) ?? []
  }
  unit(key: string): string | undefined {
    return this.#units.get(key)
  }

  /** What governs in a place on a day, as published by a day. A value that has ended uncovers the level above. */
  inForce(key: string, place: string, day: string, knownBy: string): LawEntry | undefined {
    for (const level of this.chain(place)) {
      const started = this.entries(key, level).filter((e) => e.from <= day && (e.published ?? '') <= knownBy)
      const latest = started.at(-1)
      if (latest && !(latest.to !== undefined && latest.to < day)) return latest
    }
    return undefined
  }

  /** A cell as a number: a month counts from year 0, all else is exact text. */
  number(key: string, cell: string): Fraction | undefined {
    return this.unit(key) === 'MONTH' ? fraction(BigInt(monthNumber(cell))) : read(cell)
  }
}

const rank = (entry: LawEntry) => `${entry.from} ${entry.published ?? ''}`

function load(file: string, text: string): Texts {
  try {
    const content: unknown = parse(text, { schema: 'failsafe', prettyErrors: false })
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Texts
  } catch (error) {
    throw new UnreadableLaw(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  throw new UnreadableLaw(`${file}: no map of keys`)
}
