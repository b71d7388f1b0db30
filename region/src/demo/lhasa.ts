// Lhasa: 84 months, all but the last from an old system, interest of seven years (EX-9).
import { type Stage, yuan } from './stage.ts'

const CLOSING: Readonly<Record<number, string>> = {
  2019: '6623.23',
  2020: '15251.96',
  2021: '25125.93',
  2022: '35986.79',
  2023: '47123.85',
  2024: '58581.54',
  2025: '70106.06',
}

export async function lhasa(stage: Stage): Promise<void> {
  stage.say('## 拉萨 Lhasa: an account over seven years\n')
  stage.day('2026-02-10')
  for (const kind of ['persons', 'employers', 'relations', 'opening'] as const) await stage.take(kind)
  const personId = (await stage.people()).get('央金拉姆') ?? ''
  await stage.declare('2026-02')
  stage.day('2026-02-26')
  const [receipt] = await stage.receipts()
  stage.say(`  payroll-2026-02.csv declared, receipt ${receipt?.reference} of ${yuan(receipt?.amountFen)} matched`)
  stage.day('2026-06-20')
  await stage.operator.call('operations.RunDue', { service: 'pension', name: 'interest', day: '2026-06-20' })
  await stage.settle()
  const account = await stage.officer.call('pension.GetAccount', { personId })
  const rows = account.years.map(({ year, months, creditedFen, interestFen, closingFen }) => ({
    年: year,
    月份: months,
    记账: yuan(creditedFen),
    利息: yuan(interestFen),
    年末: yuan(closingFen),
  }))
  stage.show(rows)
  for (const { year = 0, closingFen } of account.years)
    if (CLOSING[year]) stage.figure('EX-9', `closing ${year}`, yuan(closingFen), CLOSING[year])
  stage.figure('EX-9', 'months', String(account.monthCount), '84')
  stage.figure('EX-9', 'account at 2026-02', yuan(account.balanceFen), '71898.06')
  stage.say('')
}
