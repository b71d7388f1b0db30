import type { Refusal } from '@jinbao/core'

const OFFICE = '社会保险经办条例（国务院令第765号）'

/** Refusals of retirement, claims and payment. */
export const claimRefusals = {
  GROUP_MISSING: {
    code: 'INVALID_ARGUMENT',
    rule: 'P§3',
    source: '全国人大常委会2024年9月13日决定',
    zh: '须注明退休年龄组，并与性别相符',
    en: 'name the retirement group; it has to fit the sex',
  },
  KIND_MISSING: {
    code: 'INVALID_ARGUMENT',
    rule: 'F-1',
    source: '人社部发〔2024〕94号',
    zh: '须注明退休方式',
    en: 'say how the person retires: statutory, early, delayed or extended',
  },
  AGE_NOT_REACHED: {
    rule: 'P-1',
    source: '社会保险法第十六条',
    zh: '未到退休时间：最早 {earliest}',
    en: 'not of age before {earliest}',
  },
  TOO_EARLY: {
    rule: 'F-1',
    source: '人社部发〔2024〕94号第二条',
    zh: '最早可于 {earliest} 提前退休',
    en: 'early retirement is possible from {earliest}',
  },
  TOO_LATE: {
    rule: 'F-2',
    source: '人社部发〔2024〕94号第三条',
    zh: '最迟可延至 {latest}',
    en: 'retirement can be delayed to {latest}',
  },
  NOT_THE_STATUTORY_MONTH: {
    code: 'INVALID_ARGUMENT',
    rule: 'P§3',
    source: '全国人大常委会2024年9月13日决定',
    zh: '法定退休月份为 {statutory}，与所选方式不符',
    en: 'the statutory month is {statutory}; the month asked for does not fit the kind of retirement',
  },
  NO_FLEXIBLE_WINDOW: {
    rule: 'F-4',
    source: '人社部发〔2024〕94号',
    zh: '原退休时间在2025年1月以前，不适用弹性退休',
    en: 'flexible retirement is for those whose original month is not before January 2025',
  },
  NOTICE_TOO_SHORT: {
    rule: 'F-1',
    source: '人社部发〔2024〕94号第二、三条',
    zh: '书面告知或约定应在 {last} 以前，实为 {notice}',
    en: 'notice had to be given or agreed by {last}, and was on {notice}',
  },
  DELAY_EXCLUDED: {
    rule: 'F-3',
    source: '人社部发〔2024〕94号',
    zh: '公务员及国有单位领导、管理人员不适用弹性延迟退休',
    en: 'civil servants and managers of state bodies cannot delay',
  },
  NO_EMPLOYER_TO_AGREE: {
    rule: 'F-6',
    source: '人社部发〔2024〕94号',
    zh: '没有用人单位可约定延迟退休',
    en: 'there is no employer to agree a delay with',
  },
  MINIMUM_NOT_REACHED: {
    rule: 'P-2',
    source: '社会保险法第十六条；渐进式延迟法定退休年龄办法第二条',
    zh: '缴费 {months} 个月，不足 {minimum} 个月；可选：{options}',
    en: '{months} months paid, {minimum} needed; open ways: {options}',
  },
  NOT_SHORT: {
    rule: 'P-5',
    source: '社会保险法第十六条',
    zh: '到法定退休月份时缴费年限已足，不适用延长缴费',
    en: 'the minimum was reached at the statutory month, so there is nothing to pay on for',
  },
  PAYOUT_AGE_OUT_OF_RANGE: {
    rule: 'P§2.6',
    source: '国发〔2005〕38号附件',
    zh: '退休年龄 {age} 不在计发月数表内',
    en: 'the table of payout months has no row for the age {age}',
  },
  FORMULA_NOT_KNOWN: {
    rule: 'P§2.7',
    source: '国发〔1997〕26号第五条',
    zh: '本地过渡性养老金算法 {strategy} 尚未录入',
    en: 'the local formula {strategy} of the transitional pension is not on file here',
  },
  UNKNOWN_CLAIM: {
    code: 'NOT_FOUND',
    rule: 'P-6',
    source: OFFICE,
    zh: '没有此申领：{claim}',
    en: 'no claim {claim}',
  },
  WRONG_STEP: {
    rule: 'P-6',
    source: OFFICE,
    zh: '申领目前为 {status}，不能办理此步',
    en: 'the claim is {status}; this step does not follow',
  },
  SAME_OFFICER: {
    code: 'PERMISSION_DENIED',
    rule: 'P-6',
    source: '社会保险经办条例第三十四条',
    zh: '初审与复核须由不同人员办理',
    en: 'who decided cannot approve: a second officer has to',
  },
  ACCOUNT_CHANGED: {
    code: 'ABORTED',
    rule: 'P-4',
    source: OFFICE,
    zh: '核定之后账户有变动，请重新核定',
    en: 'the account changed after the decision; decide again',
  },
  MONTH_NOT_DUE: {
    rule: 'P-6',
    source: '人社部发〔2024〕94号第九条',
    zh: '{month} 尚不应支付，自 {first} 起',
    en: '{month} is not due; payment starts with {first} and goes month by month',
  },
  NOTHING_TO_RECOVER: {
    rule: 'D-9',
    source: '社会保险经办条例第五十六条',
    zh: '没有应退款项或金额超出：尚余 {left} 分',
    en: 'nothing, or less, is to be recovered: {left} fen are open',
  },
  ALREADY_INHERITED: {
    rule: 'D-9',
    source: '社会保险法第十四条',
    zh: '账户余额已由继承人领取',
    en: 'the balance has gone to the heirs',
  },
  REASON_MISSING: {
    code: 'INVALID_ARGUMENT',
    rule: 'P-6',
    source: OFFICE,
    zh: '须说明理由',
    en: 'give the reason',
  },
  NO_SUCH_AMOUNT: {
    code: 'NOT_FOUND',
    rule: 'PS-06',
    source: OFFICE,
    zh: '没有可解释的金额：{event}',
    en: 'no amount to explain in the event {event}',
  },
} as const satisfies Record<string, Refusal>
