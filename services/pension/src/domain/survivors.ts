// Death benefits (P§2.11, 人社部发〔2021〕18号): funeral grant, survivors' grant, and the cap of the short-insured.
import { type Calc, type Day, HALF_UP_FEN, label, type Policy, type PolicyOn, q, type Val, yuan } from '@jinbao/core'

const names = {
  contributed: label(
    'months.contributed',
    'D-2',
    'MONTHS',
    '缴费月数（实际和视同）',
    'months that count, paid and deemed',
  ),
  scale: label('scale', 'D-2', 'MONTHS', '抚恤金发放月数（按年限）', 'months by the years'),
  partRule: label('partYears.rule', 'D-3', 'WORD', '不足一年折算', 'part-years'),
  part: label('partYears', 'D-3', 'MONTHS', '不足一年折算月数', 'months for the part-year'),
  grown: label('scale.parts', 'D-3', 'MONTHS', '发放月数（含不足一年）', 'months with the part-year'),
  drawn: label('months.drawn', 'D-4', 'MONTHS', '已领取养老金月数', 'months of pension drawn'),
  drawnRule: label('drawn.rule', 'D-4', 'WORD', '领取年限折算', 'part-years drawn'),
  drawnYears: label('years.drawn', 'D-4', 'YEARS', '已领取年数', 'years of pension drawn'),
  months: label('months', 'D-4', 'MONTHS', '抚恤金发放月数', 'months of the survivors’ grant'),
  funeralFull: label('funeral.full', 'D-1', 'CNY', '丧葬补助金标准', 'funeral grant by the standard'),
  grantFull: label('survivors.full', 'D-2', 'CNY', '抚恤金标准', 'survivors’ grant by the standard'),
  own: label('own', 'D-5', 'CNY', '个人缴费额', 'own contributions'),
  funeral: label('funeral', 'D-1', 'CNY', '丧葬补助金', 'funeral grant'),
  left: label('own.left', 'D-5', 'CNY', '限额余下部分', 'what the cap leaves'),
  grant: label('survivors', 'D-2', 'CNY', '抚恤金', 'survivors’ grant'),
}

export interface DeathFacts {
  readonly stream: string
  readonly diedOn: Day
  /** Paid and deemed months: at death, or at retirement for a pensioner. */
  readonly contributedMonths: number
  /** Months of pension drawn; undefined when not yet retired. */
  readonly drawnMonths: number | undefined
  /** The person's own contributions, for the cap of D-5. */
  readonly ownFen: bigint
  /** The funeral grant of another line was chosen (D-7). */
  readonly funeralElsewhere: boolean
}

export interface DeathBenefit {
  readonly funeral: Val
  readonly survivors: Val
  readonly months: Val
}

export function deathBenefit(calc: Calc, policyOn: PolicyOn, facts: DeathFacts): DeathBenefit {
  const policy = policyOn(facts.diedOn)
  const income = policy.value('survivor.incomeBase')
  const contributed = calc.input(names.contributed, q.integer(facts.contributedMonths), { stream: facts.stream })
  const byYears = monthsByYears(calc, policy, facts.contributedMonths, contributed)
  const months = facts.drawnMonths === undefined ? byYears : lessDrawn(calc, policy, facts, byYears)
  const standard = facts.funeralElsewhere
    ? calc.literal(0)
    : calc.round(calc.mul(income, policy.value('survivor.funeralMonths')), HALF_UP_FEN, names.funeralFull)
  const grant = calc.round(calc.mul(income, months), HALF_UP_FEN, names.grantFull)
  if (q.compare(contributed, policy.value('survivor.capBelowMonths')) >= 0)
    return { funeral: standard, survivors: grant, months }
  return { ...capped(calc, facts, standard, grant), months }
}

/** D-5: funeral and survivors' grant together are not above the own contributions; the funeral is filled first. */
function capped(calc: Calc, { ownFen, stream }: DeathFacts, standard: Val, grant: Val) {
  const own = calc.input(names.own, yuan(ownFen), { stream })
  const funeral = calc.min(standard, own, names.funeral)
  return { funeral, survivors: calc.min(grant, calc.sub(own, funeral, names.left), names.grant) }
}

/** D-2, D-3: the printed scale by whole years; above fifteen years a region may count part-years. */
function monthsByYears(calc: Calc, policy: Policy, months: number, contributed: Val): Val {
  const table = policy.table('survivor.months')
  const last = Math.max(...[...table.rows.keys()].map(Number))
  const years = Math.floor(months / 12)
  const scale = calc.lookup(table, String(Math.min(years, last)), names.scale, contributed)
  const rule = calc.word(names.partRule, policy.word('survivor.partYearRule', ['FLOOR', 'MONTHS']))
  if (rule === 'FLOOR' || years >= last || months % 12 === 0) return scale
  if (q.compare(q.integer(months), q.mul(policy.value('survivor.partYearFrom'), q.integer(12))) <= 0) return scale
  const part = calc.div(calc.sub(contributed, calc.literal(years * 12)), calc.literal(12), names.part)
  return calc.add(scale, part, names.grown)
}

/** D-4: a month less for each year of pension drawn, never below the minimum. */
function lessDrawn(calc: Calc, policy: Policy, { drawnMonths = 0, stream }: DeathFacts, months: Val): Val {
  const drawn = calc.input(names.drawn, q.integer(drawnMonths), { stream })
  const rule = calc.word(names.drawnRule, policy.word('survivor.drawnPartYearRule', ['FLOOR', 'MONTHS']))
  const exact = calc.div(drawn, calc.literal(12))
  const years = rule === 'FLOOR' ? calc.round(exact, { mode: 'FLOOR', digits: 0 }, names.drawnYears) : exact
  const less = calc.sub(months, calc.mul(years, policy.value('survivor.pensionerReduction')))
  return calc.max(less, policy.value('survivor.pensionerMinimum'), names.months)
}
