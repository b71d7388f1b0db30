// What is wrong with a declared line; the same list refuses and reports.
import type { LineFault } from '@jinbao/proto/collection/v1/events.ts'

export const lineFaults = {
  PERSON_UNKNOWN: {
    rule: 'DC-11',
    source: 'SIL art. 58',
    zh: '未登记的人员，请先办理参保登记',
    en: 'no such person is on the register; register the person first',
  },
  PERSON_DEAD: {
    rule: 'DC-11',
    source: 'other lines §1.7; LCL art. 44(3)',
    zh: '该人员已于 {on} 死亡',
    en: 'the person died on {on}',
  },
  DECLARED_ELSEWHERE: {
    rule: 'DC-11',
    source: 'R13 art. 9',
    zh: '该人员本月已由其他用人单位申报，只能参加工伤保险',
    en: 'another employer declares this person for the month; only work injury can be declared beside it',
  },
  OUTSIDE_RELATION: {
    rule: 'DC-11',
    source: 'SIL art. 58; LCL art. 7',
    zh: '所属期 {month} 不在劳动关系存续期间内，请先办理用工备案',
    en: 'there is no labour relation with this employer in {month}; file the hire first',
  },
  NOT_MAIN_RELATION: {
    rule: 'DC-07',
    source: 'R13 art. 9',
    zh: '非主要劳动关系，只能参加工伤保险',
    en: 'this relation is not the main one: declare work injury only',
  },
  UNDER_AGE: {
    rule: 'DC-11',
    source: 'Labour Law art. 15',
    zh: '未满十六周岁',
    en: 'the person is under 16',
  },
  DRAWING_PENSION: {
    rule: 'DC-11',
    source: 'SIL art. 16',
    zh: '该人员自 {from} 起领取养老金',
    en: 'the person draws a pension since {from}',
  },
  BAD_WAGE: {
    code: 'INVALID_ARGUMENT',
    rule: 'DC-01',
    source: 'NBS Order 1 of 1990',
    zh: '工资应为零以上、月平均不超过 {max} 元，月数为 1 至 12',
    en: 'a wage is not negative, its monthly average at most {max} yuan, and its months are 1 to 12',
  },
  TWICE_IN_FILE: {
    code: 'INVALID_ARGUMENT',
    rule: 'DC-11',
    source: 'other lines §2.2',
    zh: '同一人员在申报表中重复出现（第 {chunk} 组）',
    en: 'the person stands in the declaration twice (also in chunk {chunk})',
  },
  BELOW_MINIMUM_WAGE: {
    rule: 'DC-11',
    source: 'LCL art. 72; regional minimum wage',
    zh: '月平均工资低于当地最低工资标准 {minimum} 元',
    en: 'the average wage is below the local minimum wage of {minimum} yuan',
  },
} as const

export type FaultReason = keyof typeof lineFaults

/** A fault of one line, with the texts of the list above. */
export function fault(
  personId: string,
  chunk: number,
  reason: FaultReason,
  values: Readonly<Record<string, string>> = {},
  warning = false,
): LineFault {
  const { rule, zh, en } = lineFaults[reason]
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
  return { personId, chunk, reason, warning, rule, zh: fill(zh), en: fill(en) }
}
