// The sentences of a readable explanation, in both languages, and how numbers are written in them.
import type { Comparison, Source, Step, Unit } from './explanation.ts'
import * as q from './rational.ts'
import { halfUp, type Rounding, type RoundingMode, round } from './rounding.ts'

export type Language = 'zh' | 'en'

const units: Readonly<Record<Language, Partial<Record<Unit, string>>>> = {
  zh: { CNY: '元', MONTHS: '个月', YEARS: '年', DAYS: '天' },
  en: { CNY: 'yuan', MONTHS: 'months', YEARS: 'years', DAYS: 'days' },
}

const modes: Readonly<Record<Language, Record<RoundingMode, string>>> = {
  zh: { HALF_UP: '四舍五入', FLOOR: '舍去尾数', CEIL: '进位' },
  en: { HALF_UP: 'rounded half up', FLOOR: 'rounded down', CEIL: 'rounded up' },
}
const moneyDigits: Readonly<Record<Language, readonly string[]>> = {
  zh: ['到元', '到角', '到分'],
  en: ['to whole yuan', 'to the jiao', 'to the fen'],
}

export const comparisons: Readonly<Record<Comparison, string>> = { lt: '<', le: '≤', eq: '=', ge: '≥', gt: '>' }

export function roundingText(by: Rounding, unit: Unit, language: Language): string {
  const money = unit === 'CNY' ? moneyDigits[language][by.digits] : undefined
  if (language === 'zh') return modes.zh[by.mode] + (money ?? (by.digits === 0 ? '到整数' : `到${by.digits}位小数`))
  return `${modes.en[by.mode]} ${money ?? (by.digits === 0 ? 'to a whole number' : `to ${by.digits} decimals`)}`
}

function atLeastTwoDecimals(text: string): string {
  const [whole, part = ''] = text.split('.')
  return `${whole}.${part.padEnd(2, '0')}`
}

/** The number alone, as it stands in a formula. What does not end is shown to six places with ≈. */
export function numberText({ value, unit }: Pick<Step, 'value' | 'unit'>, language: Language): string {
  if (unit === 'WORD') return value
  if (unit === 'FLAG') return language === 'zh' ? (value === '0' ? '否' : '是') : value === '0' ? 'no' : 'yes'
  const exact = q.parseRational(value)
  const ends = !value.includes('/')
  const shown = q.formatRational(ends ? exact : round(exact, halfUp(6)))
  if (!ends) return `≈${shown}`
  if (unit === 'RATE') return `${q.formatRational(q.mul(exact, q.hundred))}%`
  return unit === 'CNY' || unit === 'YEARS' ? atLeastTwoDecimals(shown) : shown
}

export function amountText(step: Pick<Step, 'value' | 'unit'>, language: Language): string {
  const unit = units[language][step.unit]
  return unit ? `${numberText(step, language)} ${unit}` : numberText(step, language)
}

const sourceWords: Readonly<Record<Language, Record<keyof Source, string>>> = {
  zh: { event: '事件', stream: '记录', document: '材料' },
  en: { event: 'event', stream: 'record', document: 'document' },
}

export function sourceText(source: Source | undefined, language: Language): string {
  const words = sourceWords[language]
  const parts = (['document', 'event', 'stream'] as const).flatMap((kind) =>
    source?.[kind] ? [`${words[kind]} ${source[kind]}`] : [],
  )
  return parts.join(language === 'zh' ? '、' : ', ')
}

export function monthsText(runs: string, language: Language): string {
  const parts = runs.split(',').map((run) => run.replace('..', language === 'zh' ? ' 至 ' : ' to '))
  return parts.join(language === 'zh' ? '、' : ', ')
}
