// Beijing: contributions (EX-1), arrears (EX-3), interest (EX-4, EX-5), a late correction on two clocks.
import { linesOf, show, sides } from './lines.ts'
import { retirement } from './retirement.ts'
import { type Stage, yuan } from './stage.ts'

const EX1 = [
  ['陈晓梅', '7162.00', '1145.92 / 572.96'],
  ['李建华', '12345.00', '1975.20 / 987.60'],
  ['王海燕', '12346.00', '1975.36 / 987.68'],
  ['张志强', '12346.00', '1975.36 / 987.68'],
  ['刘丽娟', '35811.00', '5729.76 / 2864.88'],
] as const

/** What is declared on which day; the last day to pay and the late fee of the pension line on 2025-07-10. */
const EX3 = [
  ['2025-02', '2025-02-20', '126.72'],
  ['2025-03', '2025-03-20', '96.96'],
  ['2025-04', '2025-04-20', '68.16'],
] as const

type People = ReadonlyMap<string, string>

export async function beijing(stage: Stage): Promise<void> {
  stage.say('## 北京 Beijing: contributions, arrears, interest, a pension\n')
  stage.day('2025-02-10')
  for (const kind of ['persons', 'employers', 'relations'] as const) await stage.take(kind)
  const people = await stage.people()
  const owing = await arrears(stage)
  const employerId = await july(stage, people)
  await receive(stage, people, owing, employerId)
  await interest(stage, people)
  await correction(stage, people, employerId)
  await retirement(stage, people.get('孙国栋') ?? '')
}

async function arrears(stage: Stage): Promise<string> {
  stage.say('\n### Arrears: three months declared, nothing paid until 10 July\n')
  let employer = ''
  for (const [month, day, fee] of EX3) {
    stage.day(day)
    employer = (await stage.declare(month)).employerId
    const request = { employerId: employer, month, on: '2025-07-10' }
    const { lines } = await stage.officer.call('collection.GetLateFee', request)
    const pension = lines.find(({ line }) => line === 'PENSION')
    stage.figure('EX-3', `${month} owed on the pension line`, yuan(pension?.principalFen), '1920.00')
    stage.figure('EX-3', `${month} late fee if paid on 2025-07-10`, yuan(pension?.lateFeeFen), fee)
  }
  return employer
}

async function july(stage: Stage, people: People): Promise<string> {
  stage.say('\n### A month’s payroll: dry run first\n')
  stage.day('2025-07-15')
  const report = await stage.dryRun('2025-07', 'wrong/payroll-2025-07.csv')
  stage.say(`  wrong/payroll-2025-07.csv: ${report.failed} of ${report.rows} rows are wrong, nothing is handed in`)
  stage.show(report.errors.map(({ row, column, reason, message }) => ({ row, column, reason, message })))
  const { employerId } = await stage.declare('2025-07')
  const lines = await linesOf(stage, employerId, '2025-07')
  stage.say('  payroll-2025-07.csv declared and assessed, employer / employee in yuan:')
  show(stage, people, lines)
  for (const [name, base, pension] of EX1) {
    const line = lines.get(people.get(name) ?? '')
    stage.figure('EX-1', `${name} base`, yuan(line?.baseFen), base)
    stage.figure('EX-1', `${name} pension, employer / employee`, sides(line, 'PENSION'), pension)
  }
  return employerId
}

const balanceOf = async (stage: Stage, personId: string, clocks: { asOf?: string; knownAt?: string } = {}) =>
  yuan((await stage.officer.call('pension.GetAccount', { personId, ...clocks })).balanceFen)

async function receive(stage: Stage, people: People, owing: string, employerId: string): Promise<void> {
  stage.say('\n### Receipts from the tax side\n')
  stage.day('2025-07-25')
  const receipts = await stage.receipts()
  stage.show(
    receipts.map(({ reference, amountFen, receivedOn, suspenseFen, months }) => ({
      凭证: reference,
      到账: receivedOn,
      金额: yuan(amountFen),
      月份: months.map(({ month }) => month).join(' '),
      挂账: yuan(suspenseFen),
    })),
  )
  const { receivables } = await stage.officer.call('collection.ListReceivables', { employerId: owing })
  const fees = receivables.flatMap(({ lines }) => lines).filter(({ line }) => line === 'PENSION')
  const money = fees.reduce((sum, line) => sum + BigInt(line.paidFen ?? 0) + BigInt(line.lateFeePaidFen ?? 0), 0n)
  stage.figure('EX-3', 'paid on the pension line, late fee included', yuan(String(money)), '6051.84')
  stage.figure(
    'EX-3',
    '赵永平 is credited for three months',
    await balanceOf(stage, people.get('赵永平') ?? ''),
    '1920.00',
  )
  for (const [name, , pension] of EX1.slice(0, 4)) {
    const balance = await balanceOf(stage, people.get(name) ?? '')
    stage.figure('C-10', `${name} paid in full, credited`, balance, pension.split(' / ')[1] ?? '')
  }
  const line = (await linesOf(stage, employerId, '2025-07')).get(people.get('刘丽娟') ?? '')
  const paid = line?.paid?.join(' ') || 'none'
  stage.figure('C-10', '刘丽娟 paid in part, lines that count as paid', paid, 'none')
}

async function interest(stage: Stage, people: People): Promise<void> {
  stage.say('\n### Opening records of an old system, and yearly interest\n')
  stage.day('2026-07-20')
  await stage.take('opening')
  await stage.operator.call('operations.RunDue', { service: 'pension', name: 'interest', day: '2026-07-20' })
  await stage.settle()
  const closing = async (name: string, year: number) => {
    const { years } = await stage.officer.call('pension.GetAccount', { personId: people.get(name) ?? '' })
    return yuan(years.find((one) => one.year === year)?.closingFen)
  }
  stage.figure('EX-4', '周敏 closing 2024', await closing('周敏', 2024), '109919.04')
  stage.figure('EX-5', '吴天成 closing 2025, ten years idle', await closing('吴天成', 2025), '17578.31')
}

async function correction(stage: Stage, people: People, employerId: string): Promise<void> {
  stage.say('\n### A late correction, on two clocks\n')
  const personId = people.get('张志强') ?? ''
  const asOf = '2025-12-31'
  const before = await balanceOf(stage, personId, { asOf })
  const knownAt = '2026-07-20T10:00:00Z'
  stage.day('2026-07-21')
  await stage.officer.call('collection.CorrectDeclaration', {
    employerId,
    month: '2025-07',
    reason: 'WAGE_CORRECTED',
    proof: 'court-2026-118',
    lines: [{ personId, wageFen: '1134567', months: 1, lineSet: 'ALL_LINES' }],
  })
  await stage.settle()
  stage.say('  张志强, wage of 2025-07 corrected on 2026-07-21 from 12345.67 to 11345.67: 80.00 less, and its interest')
  const rows = []
  for (const day of ['2025-07-31', asOf])
    rows.push({
      asOf: day,
      'known at 2026-07-20, before': await balanceOf(stage, personId, { asOf: day, knownAt }),
      'known now, after': await balanceOf(stage, personId, { asOf: day }),
    })
  stage.show(rows)
  const past = await balanceOf(stage, personId, { asOf, knownAt })
  stage.figure('G-07', 'the answer of before is still given, asked as known then', past, before)
}
