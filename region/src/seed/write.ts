// Writes a population as the files that `jinbao import` and `jinbao declare` take, row by row, whatever its size.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { addMonths, formatFen } from '@jinbao/core'
import { employerAt, type SeedEmployer } from './employers.ts'
import { openingOf } from './opening.ts'
import { capacity, type Population, personAt, type SeedPerson } from './people.ts'

export interface SeedOptions extends Population {
  readonly folder: string
  /** How many persons. */
  readonly size: number
  readonly progress?: (rows: number) => void
}

export interface Seeded {
  readonly persons: number
  readonly employers: number
  readonly employed: number
  readonly files: readonly string[]
}

type Line = readonly (string | number | bigint)[]

interface Sheet {
  readonly name: string
  readonly head: Line
  readonly lines: (options: SeedOptions) => Generator<Line>
}

/** Every person, with her employer while there is one; employers are filled in order. */
function* staff(options: SeedOptions): Generator<{ person: SeedPerson; employer: SeedEmployer | undefined }> {
  let row = 0
  let employer = employerAt(row, options)
  let room = employer.size
  for (let at = 0; at < options.size; at++) {
    const person = personAt(at, options)
    if (person.employed && room === 0) {
      employer = employerAt(++row, options)
      room = employer.size
    }
    if (person.employed) room -= 1
    yield { person, employer: person.employed ? employer : undefined }
  }
}

/** From the month after the eighteenth birthday, or from the employer's first day. */
const hiredOn = ({ birthDate }: SeedPerson, { contributesFrom }: SeedEmployer) => {
  const grown = `${addMonths(birthDate.slice(0, 7), 18 * 12)}-28`
  return grown > contributesFrom ? grown : contributesFrom
}

export const sheets: readonly Sheet[] = [
  {
    name: 'persons.csv',
    head: ['证件号码', '姓名', '出生日期', '性别'],
    *lines(options) {
      for (let at = 0; at < options.size; at++) {
        const { number, name, birthDate, male } = personAt(at, options)
        yield [number, name, birthDate, male ? '男' : '女']
      }
    },
  },
  {
    name: 'employers.csv',
    head: ['统一社会信用代码', '单位名称', '统筹地区', '行业', '风险类别', '参保日期'],
    *lines(options) {
      let last: SeedEmployer | undefined
      for (const { employer } of staff(options)) {
        if (!employer || employer.creditCode === last?.creditCode) continue
        last = employer
        const { code, riskClass } = employer.industry
        yield [employer.creditCode, employer.name, options.place, code, riskClass, employer.contributesFrom]
      }
    },
  },
  {
    name: 'relations.csv',
    head: ['统一社会信用代码', '证件号码', '姓名', '入职日期', '用工形式', '主要', '月工资'],
    *lines(options) {
      for (const { person, employer } of staff(options))
        if (employer)
          yield [
            employer.creditCode,
            person.number,
            person.name,
            hiredOn(person, employer),
            '固定期限',
            '是',
            formatFen(person.wageFen),
          ]
    },
  },
  {
    name: 'payroll.csv',
    head: ['统一社会信用代码', '证件号码', '姓名', '工资总额', '月数'],
    *lines(options) {
      for (const { person, employer } of staff(options))
        if (employer) yield [employer.creditCode, person.number, person.name, formatFen(person.wageFen), 1]
    },
  },
  {
    name: 'opening.csv',
    head: ['证件号码', '姓名', '文件号', '原系统', '月份', '缴费基数', '记账金额', '指数', '余额截至', '账户余额'],
    *lines(options) {
      for (let at = 0; at < options.size; at++) {
        const person = personAt(at, options)
        const opening = openingOf(person, options)
        for (const row of opening?.rows ?? [])
          yield [
            person.number,
            person.name,
            `OLD-${options.place}-${at + 1}`,
            '旧系统',
            row.months,
            formatFen(row.baseFen),
            formatFen(row.accountFen),
            tenThousandths(row.indexTenThousandths),
            opening?.balancesUntil ?? '',
            formatFen(opening?.balanceFen ?? 0n),
          ]
      }
    },
  },
]

const tenThousandths = (index: bigint) => `${index / 10_000n}.${String(index % 10_000n).padStart(4, '0')}`
const LINES_A_WRITE = 1_000

async function writeSheet({ name, head, lines }: Sheet, options: SeedOptions): Promise<number> {
  let rows = 0
  function* text() {
    let held = `\ufeff${head.join(',')}\n`
    for (const line of lines(options)) {
      held += `${line.join(',')}\n`
      rows += 1
      if (rows % LINES_A_WRITE > 0) continue
      yield held
      held = ''
      options.progress?.(rows)
    }
    yield held
  }
  await pipeline(Readable.from(text()), fs.createWriteStream(path.join(options.folder, name)))
  return rows
}

export async function writeSeed(options: SeedOptions): Promise<Seeded> {
  const { folder, size, month } = options
  if (size > capacity(month)) throw new RangeError(`at most ${capacity(month)} persons have numbers in one place`)

  fs.mkdirSync(folder, { recursive: true })
  const counts = new Map<string, number>()
  for (const sheet of sheets) counts.set(sheet.name, await writeSheet(sheet, options))
  return {
    persons: counts.get('persons.csv') ?? 0,
    employers: counts.get('employers.csv') ?? 0,
    employed: counts.get('relations.csv') ?? 0,
    files: sheets.map(({ name }) => path.join(folder, name)),
  }
}
