// An explanation as a text that the person it concerns and her lawyer can follow with a pocket calculator.
import type { Explanation, Step } from './explanation.ts'
import { formatFen } from './money.ts'
import { formulaOf, legendOf } from './readable-formula.ts'
import { amountText, type Language, monthsText, sourceText } from './readable-words.ts'

const words = {
  zh: {
    title: '计算说明',
    about: (e: Explanation) => `地区 ${e.place}，适用 ${e.day} 的法律，依据截至 ${e.knownAt} 已知的事实`,
    subject: '对象',
    warning: '注意：本计算用到【示例值】，即尚未以公布文件核定的数值，结果不能作为正式依据。',
    illustrative: '【示例值】',
    likely: '（待核实）',
    results: '结果',
    steps: '计算过程',
    facts: '所依据的事实',
    law: '所依据的法律规定',
    where: '其中 ',
    yuan: '元',
    holds: ['不成立', '成立'],
    takes: '取',
    semicolon: '；',
    comma: '，',
    colon: '：',
    rule: (rule: string) => `〔${rule}〕`,
    origin: '来源：',
    nation: '全国',
    period: (from: string, to?: string) => (to ? `${from} 至 ${to} 有效` : `自 ${from} 起施行`),
    published: (day: string) => `${day} 公布`,
    row: (row: string) => `“${row}”行`,
  },
  en: {
    title: 'How this was computed',
    about: (e: Explanation) => `Place ${e.place}, law of ${e.day}, facts known by ${e.knownAt}`,
    subject: 'Subject',
    warning: 'Note: this uses an [illustrative value], one not yet confirmed by a published document; it binds nobody.',
    illustrative: '[illustrative value]',
    likely: '(to be confirmed)',
    results: 'Result',
    steps: 'Step by step',
    facts: 'Facts it rests on',
    law: 'Law it rests on',
    where: 'where ',
    yuan: 'yuan',
    holds: ['does not hold', 'holds'],
    takes: 'takes',
    semicolon: '; ',
    comma: ', ',
    colon: ': ',
    rule: (rule: string) => ` [${rule}]`,
    origin: 'from ',
    nation: 'nation',
    period: (from: string, to?: string) => (to ? `in force ${from} to ${to}` : `in force from ${from}`),
    published: (day: string) => `published ${day}`,
    row: (row: string) => `row “${row}”`,
  },
} as const

const nameOf = (step: Step, language: Language) =>
  (language === 'zh' ? step.zh : step.en) ?? step.policy?.key ?? step.id

const isFact = (step: Step) => step.op === 'input' || step.op === 'months'

/** Steps that get a line of their own: those the law gives a name. */
const isNamed = (step: Step) => step.zh !== undefined && step.op !== 'policy' && !isFact(step)

export function readable(explanation: Explanation, language: Language): string {
  const { steps } = explanation
  const w = words[language]
  const byId = new Map(steps.map((step) => [step.id, step]))
  const numbers = new Map(steps.filter(isNamed).map((step, i) => [step.id, i + 1]))
  const subject = Object.entries(explanation.subject).map(([kind, id]) => `${kind} ${id}`)
  const law = steps.filter((step) => step.policy)
  const illustrative = law.some((step) => step.policy?.mark === 'illustrative')
  const lines = (title: string, items: readonly string[]) => (items.length ? ['', title, ...items] : [])

  return [
    w.title,
    ...(subject.length ? [`${w.subject}${w.colon}${subject.join(w.comma)}`] : []),
    w.about(explanation),
    ...(illustrative ? [w.warning] : []),
    ...lines(
      w.results,
      explanation.amounts.map(({ step: id, amountFen }) => {
        const step = byId.get(id)
        return `- ${step ? nameOf(step, language) : id}${w.colon}${formatFen(BigInt(amountFen))} ${w.yuan}`
      }),
    ),
    ...lines(
      w.steps,
      steps.filter(isNamed).flatMap((step) => stepLines(step, byId, numbers, language)),
    ),
    ...lines(
      w.facts,
      steps.filter(isFact).map((step) => factLine(step, language)),
    ),
    ...lines(
      w.law,
      law.map((step) => lawLine(step, language)),
    ),
    '',
  ].join('\n')
}

function stepLines(
  step: Step,
  byId: ReadonlyMap<string, Step>,
  numbers: ReadonlyMap<string, number>,
  language: Language,
): string[] {
  const w = words[language]
  const head = `${numbers.get(step.id)}. ${nameOf(step, language)}`
  const rule = step.rule ? w.rule(step.rule) : ''
  if (step.op === 'word') return [`${head}${w.colon}${w.takes} ${step.value}${rule}`]
  const { text, uses } = formulaOf(step, byId, language)
  const result =
    step.unit === 'FLAG'
      ? `${w.comma}${w.holds[step.value === '0' ? 0 : 1]}`
      : ` ${step.value.includes('/') ? '' : '= '}${amountText(step, language)}`
  const legend = uses.map((used) => legendOf(used, numbers.get(used.id), language))
  const separator = step.unit === 'FLAG' ? w.colon : ' = '
  return [
    `${head}${separator}${text}${result}${rule}`,
    ...(legend.length ? [`   ${w.where}${legend.join(w.semicolon)}`] : []),
  ]
}

function factLine(step: Step, language: Language): string {
  const w = words[language]
  const months = step.months ? ` (${monthsText(step.months, language)})` : ''
  const origin = sourceText(step.source, language)
  const from = origin ? `${w.comma}${w.origin}${origin}` : ''
  return `- ${nameOf(step, language)}${w.colon}${amountText(step, language)}${months}${from}`
}

function lawLine(step: Step, language: Language): string {
  const w = words[language]
  const { policy } = step
  if (!policy) return ''
  const flag = policy.mark === 'illustrative' ? ` ${w.illustrative}` : policy.mark === 'likely' ? ` ${w.likely}` : ''
  const what = [
    `${amountText(step, language)}${flag}`,
    ...(step.row !== undefined ? [w.row(step.row)] : []),
    policy.place === '000000' ? w.nation : policy.place,
    w.period(policy.from, policy.to),
    ...(policy.published ? [w.published(policy.published)] : []),
    policy.source,
  ]
  const key = step.zh === undefined ? '' : ` (${policy.key})`
  return `- ${nameOf(step, language)}${key}${w.colon}${what.join(w.comma)}`
}
