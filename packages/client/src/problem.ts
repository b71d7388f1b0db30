// What a region says no with (RFC 9457), as an error that can be caught by its reason.
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly detailZh?: string
  readonly instance: string
  readonly reason: string
  readonly rule?: string
  readonly source?: string
  readonly fields?: readonly { readonly field: string; readonly reason: string; readonly message: string }[]
  readonly values?: Readonly<Record<string, string>>
  readonly traceId: string
}

export class ApiProblem extends Error {
  /** UPPER_SNAKE word for programs: `MINIMUM_NOT_REACHED`. */
  readonly reason: string
  readonly status: number
  readonly document: ProblemDocument

  constructor(document: ProblemDocument) {
    super(document.detail ?? document.title)
    this.name = 'ApiProblem'
    this.reason = document.reason
    this.status = document.status
    this.document = document
  }
}

/** Nothing answered at this address, after all attempts. */
export class Unreachable extends Error {
  constructor(url: string, cause: unknown) {
    super(`no answer from ${url}`, { cause })
    this.name = 'Unreachable'
  }
}

/** Something else than a region answered: a proxy, another program. */
const foreign = (status: number, url: string): ProblemDocument => ({
  type: 'about:blank',
  title: `answer ${status} that is no problem document`,
  status,
  instance: url,
  reason: 'NOT_A_REGION',
  traceId: '',
})

export function problemOf(status: number, url: string, text: string): ApiProblem {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return new ApiProblem(foreign(status, url))
  }
  const known = typeof read === 'object' && read !== null && ('reason' in read || 'errors' in read)
  return new ApiProblem(known ? (read as ProblemDocument) : foreign(status, url))
}
