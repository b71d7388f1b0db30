// Reads one dated value; what is wrong with it is reported, never guessed.
import {
  isDay,
  isMonth,
  type Mark,
  monthIndex,
  type PolicyTable,
  type PolicyValue,
  type PolicyWord,
  type Provenance,
  parseRational,
  q,
  type Rational,
} from '@jinbao/core'
import { type Entry, marks, type PolicyKey, type Shape } from './model.ts'
import { type Tree, textOf } from './yaml.ts'

/** Called with what is wrong and what to do. */
export type Complain = (why: string, todo: string, line?: number) => void

const fields = ['from', 'to', 'published', 'value', 'word', 'rows', 'source', 'mark', 'temporary', 'transition', 'note']
const whole = ['MONTHS', 'YEARS', 'DAYS', 'WORKING_DAYS']

export function readNumber(text: string, unit: PolicyKey['unit'], complain: Complain): Rational | undefined {
  if (unit === 'MONTH') {
    if (isMonth(text)) return q.integer(monthIndex(text))
    return void complain(`${text} is no month`, 'write a month as yyyy-mm')
  }
  const value = number(text)
  if (!value) return void complain(`${text} is no exact number`, 'write 7162, 0.05%, 137.3 or 2/3')
  if (text.endsWith('%') !== (unit === 'RATE') && !(unit === 'RATE' && (text === '0' || text.includes('/'))))
    return void complain(`${text} does not fit the unit ${unit}`, 'write rates with %, nothing else')
  if (unit === 'CNY' && (value.n < 0n || (value.n * 100n) % value.d !== 0n))
    return void complain(`${text} is no amount in yuan`, 'write yuan with at most two decimals')
  if (whole.includes(unit) && (value.n < 0n || value.n % value.d !== 0n))
    return void complain(`${text} is no whole number of ${unit}`, 'write a whole number')
  return value
}

function number(text: string): Rational | undefined {
  return /^-?\d+(\.\d+)?%?$|^-?\d+\/[1-9]\d*$/.test(text) ? parseRational(text) : undefined
}

function readRows(tree: Tree, key: PolicyKey, complain: Complain): ReadonlyMap<string, Rational> | undefined {
  if (tree.kind !== 'map' || tree.fields.size === 0) return void complain('rows are missing', 'write rows as a map')
  const rows = new Map<string, Rational>()
  for (const [row, cell] of tree.fields) {
    const value = readNumber(textOf(cell) ?? '', key.unit, (why, todo) =>
      complain(`row ${row}: ${why}`, todo, cell.line),
    )
    if (value) rows.set(row, value)
  }
  return rows
}

function readAnswer(key: PolicyKey, map: ReadonlyMap<string, Tree>, policy: Provenance, complain: Complain) {
  const given = ['value', 'word', 'rows'].filter((name) => map.has(name))
  const wanted = key.shape === 'table' ? 'rows' : key.shape
  if (given.length !== 1 || given[0] !== wanted)
    return void complain(`has ${given.join(' and ') || 'no value'}`, `the key wants ${wanted}`)
  const tree = map.get(wanted) as Tree
  if (key.shape === 'table') {
    const rows = readRows(tree, key, complain)
    return rows && ({ rows, unit: key.unit, policy } satisfies PolicyTable)
  }
  const text = textOf(tree) ?? ''
  if (key.shape === 'word') {
    if (key.words?.includes(text)) return { word: text, policy } satisfies PolicyWord
    return void complain(`the word ${text} is not one of the key's`, `use one of ${key.words?.join(', ')}`)
  }
  const value = readNumber(text, key.unit, complain)
  return value && ({ n: value.n, d: value.d, unit: key.unit, policy } satisfies PolicyValue)
}

function days(map: ReadonlyMap<string, Tree>, complain: Complain) {
  const day = (name: string) => {
    const text = textOf(map.get(name))
    if (text !== undefined && !isDay(text)) complain(`${name} ${text} is no day`, 'write a day as yyyy-mm-dd')
    return text
  }
  const [from, to, published] = [day('from'), day('to'), day('published')]
  if (from === undefined) return void complain('from is missing', 'say from which day it governs')
  if (to !== undefined && to < from) complain(`ends ${to} before it starts`, 'put to on or after from')
  return { from, ...(to === undefined ? {} : { to }), ...(published === undefined ? {} : { published }) }
}

export function readEntry(
  tree: Tree,
  key: PolicyKey,
  place: string,
  file: string,
  complain: Complain,
): Entry | undefined {
  if (tree.kind !== 'map') return void complain('is no map of from, value, source and mark', 'see docs/policy.md')
  const map = tree.fields
  for (const name of map.keys())
    if (!fields.includes(name)) complain(`unknown field ${name}`, `use ${fields.join(', ')}`, map.get(name)?.line)
  const span = days(map, complain)
  const source = textOf(map.get('source'))
  const mark = textOf(map.get('mark')) as Mark | undefined
  if (source === undefined) complain('source is missing', 'name document, number and article')
  if (mark === undefined || !marks.includes(mark)) complain(`mark ${mark ?? 'is missing'}`, `use ${marks.join(', ')}`)
  if (!span || source === undefined || mark === undefined) return undefined
  const answer = readAnswer(key, map, { key: key.key, place, ...span, source, mark }, complain)
  const note = textOf(map.get('note'))
  const flag = (name: string) => textOf(map.get(name)) === 'true'
  const common = { file, line: tree.line, key: key.key, place, ...span, shape: key.shape as Shape }
  const more = { temporary: flag('temporary'), transition: flag('transition'), ...(note === undefined ? {} : { note }) }
  return answer && { ...common, answer, ...more }
}
