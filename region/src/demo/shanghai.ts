// Shanghai: all five lines of three persons (E1), paid by one receipt; five years taken over (EX-6).
import { linesOf, show, sides } from './lines.ts'
import { type Stage, yuan } from './stage.ts'

/** Base, then employer and employee side of pension, medical with maternity, unemployment and injury. */
const E1 = [
  ['林欣怡', '7460.00', '1193.60 / 596.80', '671.40 / 149.20', '37.30 / 37.30', '11.94 / 0.00'],
  ['徐文博', '18000.50', '2880.08 / 1440.04', '1620.05 / 360.01', '90.00 / 90.00', '28.80 / 0.00'],
  ['高志国', '37302.00', '5968.32 / 2984.16', '3357.18 / 746.04', '186.51 / 186.51', '59.68 / 0.00'],
] as const

export async function shanghai(stage: Stage): Promise<void> {
  stage.say('## 上海 Shanghai: five lines\n')
  stage.day('2025-07-15')
  for (const kind of ['persons', 'employers', 'relations'] as const) await stage.take(kind)
  const people = await stage.people()
  const { employerId, declaration } = await stage.declare('2025-07')
  const lines = await linesOf(stage, employerId, '2025-07')
  stage.say('  payroll-2025-07.csv declared and assessed, employer / employee in yuan:')
  show(stage, people, lines)
  for (const [name, base, pension, medical, unemployment, injury] of E1) {
    const line = lines.get(people.get(name) ?? '')
    const of = [sides(line, 'PENSION'), sides(line, 'MEDICAL'), sides(line, 'UNEMPLOYMENT'), sides(line, 'INJURY')]
    const wanted = [base, pension, medical, unemployment, injury].join(', ')
    stage.figure('E1', `${name} base and four sides`, [yuan(line?.baseFen), ...of].join(', '), wanted)
  }
  const total = `${yuan(declaration.employerFen)} + ${yuan(declaration.employeeFen)}`
  stage.figure('E1', 'the unit, employer + employee', total, '16104.86 + 6590.06')

  stage.day('2025-07-28')
  const [receipt] = await stage.receipts()
  stage.say(
    `  receipt ${receipt?.reference}: ${yuan(receipt?.amountFen)} matched, ${yuan(receipt?.suspenseFen)} in suspense`,
  )
  const { officer } = stage
  for (const [name, , pension] of E1) {
    const { balanceFen } = await officer.call('pension.GetAccount', { personId: people.get(name) ?? '' })
    stage.figure('E1 C-10', `${name} is credited`, yuan(balanceFen), pension.split(' / ')[1] ?? '')
  }

  stage.day('2026-07-02')
  await stage.take('opening')
  const account = await officer.call('pension.GetAccount', { personId: people.get('马秀兰') ?? '' })
  stage.figure('EX-6', '马秀兰 months taken over, each with its base', String(account.monthCount), '60')
  stage.say('')
}
