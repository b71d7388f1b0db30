// Problem -> RFC 9457 problem document.
import { type Code, Problem } from '@jinbao/core'
import { platformProblem } from '@jinbao/rpc'

const statuses: Readonly<Record<Code, number>> = {
  INVALID_ARGUMENT: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  FAILED_PRECONDITION: 422,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
}

/** Reasons of the platform whose HTTP status is narrower than their code's. */
const byReason: Readonly<Record<string, number>> = {
  IDEMPOTENCY_KEY_REUSED: 422,
  MESSAGE_TOO_LARGE: 413,
  BODY_TOO_LARGE: 413,
  URL_TOO_LONG: 414,
  MEDIA_TYPE_UNKNOWN: 415,
  METHOD_NOT_ALLOWED: 405,
  OVERLOADED: 503,
}

const titles: Readonly<Record<number, readonly [en: string, zh: string]>> = {
  400: ['The request is malformed', '请求格式错误'],
  401: ['A valid token is needed', '需要有效的身份凭证'],
  403: ['Not allowed', '无权操作'],
  404: ['Not found', '未找到'],
  405: ['Method not allowed', '不支持该请求方法'],
  409: ['In conflict with what is recorded', '与已有记录冲突'],
  413: ['Too large', '内容过大'],
  414: ['Address too long', '网址过长'],
  415: ['Media type not supported', '不支持的内容类型'],
  422: ['Refused', '不予办理'],
  429: ['Too many requests', '请求过于频繁'],
  499: ['Cancelled by the caller', '调用方已取消'],
  500: ['A defect on our side', '系统内部错误'],
  501: ['Not implemented', '尚未支持'],
  503: ['Not available now', '服务暂时不可用'],
  504: ['Took too long', '处理超时'],
}

export const statusOf = (problem: Problem): number => byReason[problem.reason] ?? statuses[problem.code]

export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly instance: string
  readonly reason: string
  readonly rule?: string
  readonly source?: string
  readonly fields?: readonly { readonly field: string; readonly reason: string; readonly message: string }[]
  readonly values?: Readonly<Record<string, string>>
  readonly detailZh?: string
  readonly traceId: string
}

export interface Language {
  readonly zh: boolean
}

/** Chinese when the caller prefers it to English. */
export function prefersChinese(acceptLanguage: string | undefined): boolean {
  if (!acceptLanguage) return false
  let best = { zh: false, q: 0 }
  for (const part of acceptLanguage.split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const q = Number(
      parameters
        .find((text) => text.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    )
    const zh = tag.startsWith('zh')
    if ((zh || tag.startsWith('en') || tag === '*') && q > best.q) best = { zh, q }
  }
  return best.zh
}

export function problemDocument(problem: Problem, instance: string, traceId: string, zh: boolean): ProblemDocument {
  const { reason, details } = problem
  const status = statusOf(problem)
  const titlesOfStatus = titles[status]
  const [titleEn, titleZh] = titlesOfStatus ?? [reason, reason]
  const detail = zh && details.zh ? details.zh : problem.message
  const hidden = problem.code === 'INTERNAL'
  return {
    type: `/problems/${details.service ?? 'jinbao'}/${reason}`,
    title: zh ? titleZh : titleEn,
    status,
    ...(detail && !hidden ? { detail } : {}),
    instance,
    reason,
    ...(details.rule ? { rule: details.rule } : {}),
    ...(details.source ? { source: details.source } : {}),
    ...(details.fields?.length ? { fields: details.fields } : {}),
    ...(details.values && !hidden && Object.keys(details.values).length > 0 ? { values: details.values } : {}),
    ...(details.zh && !hidden ? { detailZh: details.zh } : {}),
    traceId,
  }
}

type Own = readonly [code: Code, en: string, zh: string]

/** The gateway's own refusals. */
export const own = {
  BODY_TOO_LARGE: ['RESOURCE_EXHAUSTED', 'the body is larger than allowed', '请求内容超过允许的大小'],
  URL_TOO_LONG: ['INVALID_ARGUMENT', 'the address is longer than allowed', '网址超过允许的长度'],
  MEDIA_TYPE_UNKNOWN: ['INVALID_ARGUMENT', 'send application/json', '请以 application/json 发送'],
  METHOD_NOT_ALLOWED: ['INVALID_ARGUMENT', 'this address takes other methods, see Allow', '该地址不支持此请求方法'],
  ROUTE_UNKNOWN: ['NOT_FOUND', 'there is nothing at this address; /docs lists what there is', '该地址不存在，见 /docs'],
  SERVICE_UNKNOWN: ['NOT_FOUND', 'no such service is offered here', '未提供该服务'],
  MALFORMED_JSON: ['INVALID_ARGUMENT', 'the body is not JSON', '请求内容不是有效的 JSON'],
  MALFORMED_URL: ['INVALID_ARGUMENT', 'the address is encoded wrongly', '网址编码错误'],
  MALFORMED_HEADER: ['INVALID_ARGUMENT', 'a header is malformed', '请求头格式错误'],
  MALFORMED_REQUEST: ['INVALID_ARGUMENT', 'the request is not well-formed', '请求格式错误'],
  FIELDS_INVALID: ['INVALID_ARGUMENT', 'fields of the request are not right', '请求字段有误'],
  RATE_LIMITED: ['RESOURCE_EXHAUSTED', 'too many requests; wait as Retry-After says', '请求过于频繁，请稍后再试'],
  OVERLOADED: ['UNAVAILABLE', 'the gateway is busy; try again soon', '系统繁忙，请稍后再试'],
  OPERATOR_ONLY: ['PERMISSION_DENIED', 'operations are for operators', '仅限运维人员'],
  IMPORT_UNKNOWN: ['NOT_FOUND', 'there is no import of this kind', '没有此类导入'],
  FILE_MALFORMED: ['INVALID_ARGUMENT', 'the file cannot be read', '文件无法读取'],
} as const satisfies Record<string, Own>

export function refusal(reason: keyof typeof own, details: Problem['details'] = {}): Problem {
  const [code, en, zh] = own[reason]
  return new Problem(code, reason, en, { service: 'gateway', zh, ...details })
}

export { platformProblem }
