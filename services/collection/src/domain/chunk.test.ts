import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { story } from '@jinbao/core/story.ts'
import { LineSet, type WageLine } from '@jinbao/proto/collection/v1/events.ts'
import { checkLine, checkTerms, checkTwice, type PersonFacts } from './check.ts'
import { type ChunkCommand, type ChunkEvent, chunkDecider } from './chunk.ts'
import { adult, book, employerId, tariff, wage, worldOf } from './journey.example.ts'

const month = '2025-07'
const key = { employerId, month, chunk: 1 }
const world = worldOf('310000', '2025-07-10')
const history = story(chunkDecider, world)
const change = (lines: readonly WageLine[], remove: readonly string[] = [], replace = false): ChunkCommand => ({
  type: 'ChangeLines',
  data: { ...key, lines, remove, replace },
})
const declared = (...lines: WageLine[]): ChunkEvent => ({ type: 'LinesDeclared', data: { ...key, lines, removed: [] } })
const facts = (...ids: string[]) => new Map(ids.map((id) => [id, adult]))
const assess = (...ids: string[]): ChunkCommand => ({
  type: 'Assess',
  dueOn: '2025-07-31',
  tariff,
  facts: facts(...ids),
})

describe('DC-02 lines of a chunk', () => {
  const one = wage('p1', 500_000n)
  test('DC-02 a line is known by its person: the same again changes nothing, another wage does', () => {
    history()
      .when(change([one]))
      .thenEvents(declared(one))
    history(declared(one))
      .when(change([one]))
      .thenNothing()
    history(declared(one))
      .when(change([wage('p1', 600_000n)]))
      .thenEvents(declared(wage('p1', 600_000n)))
  })
  test('DC-11 the same person twice in one file with other wages is refused and named', () => {
    const problem = history()
      .when(change([one, wage('p2', 1n), wage('p1', 700_000n)]))
      .thenRefused('LINES_FAULTY')
    assert.deepEqual(
      problem.details.fields?.map(({ field, reason }) => [field, reason]),
      [['lines[2].personId', 'TWICE_IN_FILE']],
    )
    history()
      .when(change([one, one]))
      .thenEvents(declared(one))
  })
  test('O§2.2 replace takes out who is not in the file; remove takes out whom it names', () => {
    const two = wage('p2', 600_000n)
    const left: ChunkEvent = { type: 'LinesDeclared', data: { ...key, lines: [], removed: ['p2'] } }
    history(declared(one, two))
      .when(change([one], [], true))
      .thenEvents(left)
    history(declared(one, two))
      .when(change([], ['p2', 'p9']))
      .thenEvents(left)
  })
  test('O§2.2 a chunk holds at most 1,000 lines', () => {
    const many = Array.from({ length: 1001 }, (_, i) => wage(`p${i}`, 1n))
    history().when(change(many)).thenRefused('CHUNK_FULL')
    history()
      .when(change(many.slice(1)))
      .thenTypes('LinesDeclared')
  })
  test('DC-05 assessed once; after a change again', () => {
    const outcome = history(declared(one)).when(assess('p1'))
    const events = outcome.thenTypes('LinesAssessed')
    history(declared(one), ...events)
      .when(assess('p1'))
      .thenNothing()
    history(declared(one), ...events, declared(wage('p1', 900_000n)))
      .when(assess('p1'))
      .thenTypes('LinesAssessed')
  })
  test('DC-11 a faulty line is never assessed', () => {
    history(declared(one)).when(assess()).thenRefused('LINES_FAULTY')
    history().when(assess()).thenRefused('NO_LINES')
  })
  test('G-05 a month for which the law has no bounds is refused, not assessed at zero', () => {
    const old = { ...key, month: '2015-07' }
    history({ type: 'LinesDeclared', data: { ...old, lines: [one], removed: [] } })
      .when(assess('p1'))
      .thenRefused('POLICY_PARAM_MISSING')
  })
})

describe('DC-11 what is wrong with a line', () => {
  const terms = checkTerms(book.policyOn('310000')(`${month}-01`), month, 3)
  const reasons = (line: WageLine, person: PersonFacts | undefined) =>
    checkLine(line, person, terms).map(
      ({ reason, warning, chunk }) => `${reason}${warning ? ' (warning)' : ''} ${chunk}`,
    )
  const line = wage('p1', 500_000n)
  const cases: [string, PersonFacts | undefined, WageLine, string[]][] = [
    ['a good line has no fault', adult, line, []],
    ['unknown person', undefined, line, ['PERSON_UNKNOWN 3']],
    ['dead before the month', { ...adult, diedOn: '2025-06-30' }, line, ['PERSON_DEAD 3']],
    ['the month of death still counts', { ...adult, diedOn: '2025-07-02' }, line, []],
    ['under 16', { ...adult, birthMonth: '2009-08' }, line, ['UNDER_AGE 3']],
    ['16 in the month', { ...adult, birthMonth: '2009-07' }, line, []],
    ['drawing a pension', { ...adult, pensionFrom: '2025-07' }, line, ['DRAWING_PENSION 3']],
    ['pension from the next month', { ...adult, pensionFrom: '2025-08' }, line, []],
    ['no relation', { ...adult, relations: [] }, line, ['OUTSIDE_RELATION 3']],
    [
      'left before',
      { ...adult, relations: [{ from: '2010-01-01', to: '2025-06-30', main: true }] },
      line,
      ['OUTSIDE_RELATION 3'],
    ],
    ['left on the first', { ...adult, relations: [{ from: '2010-01-01', to: '2025-07-01', main: true }] }, line, []],
    [
      'hired later',
      { ...adult, relations: [{ from: '2025-08-01', to: '', main: true }] },
      line,
      ['OUTSIDE_RELATION 3'],
    ],
    [
      'part time, all lines',
      { ...adult, relations: [{ from: '2010-01-01', to: '', main: false }] },
      line,
      ['NOT_MAIN_RELATION 3'],
    ],
    [
      'part time, injury',
      { ...adult, relations: [{ from: '2010-01-01', to: '', main: false }] },
      wage('p1', 1n, LineSet.INJURY_ONLY),
      [],
    ],
    ['main elsewhere', { ...adult, declaredBy: 'e2' }, line, ['DECLARED_ELSEWHERE 3']],
    ['main elsewhere, injury here', { ...adult, declaredBy: 'e2' }, wage('p1', 1n, LineSet.INJURY_ONLY), []],
    ['negative wage', adult, wage('p1', -1n), ['BAD_WAGE 3']],
    ['absurd wage', adult, wage('p1', 1_000_000_001n), ['BAD_WAGE 3']],
    ['thirteen months', adult, { ...line, months: 13 }, ['BAD_WAGE 3']],
    ['below the minimum wage is a warning', adult, wage('p1', 273_999n), ['BELOW_MINIMUM_WAGE (warning) 3']],
    ['at the minimum wage', adult, wage('p1', 274_000n), []],
  ]
  for (const [title, person, given, expected] of cases)
    test(`DC-11 ${title}`, () => assert.deepEqual(reasons(given, person), expected))

  test('DC-11 twice in the declaration, also over two chunks', () => {
    const faults = checkTwice([
      { chunk: 1, lines: [line] },
      { chunk: 2, lines: [wage('p2', 1n), line] },
    ])
    assert.deepEqual(
      faults.map(({ personId, chunk, reason, en }) => [personId, chunk, reason, en.includes('chunk 1')]),
      [['p1', 2, 'TWICE_IN_FILE', true]],
    )
  })
})
