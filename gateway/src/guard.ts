// At the door: who is it, and not too often.
import { type Code, Problem } from '@jinbao/core'
import { counter } from '@jinbao/telemetry'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerOf, withPurpose } from './call.ts'
import type { Caller } from './edge.ts'
import type { GatewayOptions, Limits } from './options.ts'
import { platformProblem, refusal } from './problem.ts'
import { Buckets, type Spent } from './rate.ts'

const turnedAway = counter('jinbao_http_turned_away_total', 'Requests refused at the door, by reason')

export class Guard {
  readonly #authenticate: GatewayOptions['authenticate']
  readonly #clock: () => number
  readonly #callers: Buckets | undefined
  readonly #strangers: Buckets | undefined
  readonly #policy: string

  constructor(options: GatewayOptions, limits: Limits) {
    this.#authenticate = options.authenticate
    this.#clock = options.clock ?? Date.now
    const { ratePerSecond, rateBurst, anonymousPerSecond } = limits
    this.#callers = ratePerSecond > 0 ? new Buckets(ratePerSecond, rateBurst) : undefined
    this.#strangers = anonymousPerSecond > 0 ? new Buckets(anonymousPerSecond, anonymousPerSecond * 2) : undefined
    this.#policy = `"caller";q=${rateBurst};w=${Math.max(1, Math.ceil(rateBurst / Math.max(1, ratePerSecond)))}`
  }

  /** The caller, at once when the token is known already. Throws UNAUTHENTICATED or RATE_LIMITED. */
  admit(request: FastifyRequest, reply: FastifyReply): Caller | Promise<Caller> {
    const token = bearerOf(request.headers)
    if (!token) throw this.#stranger(request, missing())
    const known = this.#authenticate(token)
    if (!(known instanceof Promise)) return this.#counted(known, token, request, reply)
    return known.then(
      (principal) => this.#counted(principal, token, request, reply),
      (error: unknown) => {
        const isNo = error instanceof Problem && error.code === ('UNAUTHENTICATED' satisfies Code)
        throw isNo ? this.#stranger(request, error) : error
      },
    )
  }

  #counted(principal: Caller['principal'], token: string, request: FastifyRequest, reply: FastifyReply): Caller {
    if (this.#callers) {
      const spent = this.#callers.spend(principal.subject, this.#clock())
      reply.header('ratelimit-policy', this.#policy)
      reply.header('ratelimit', `"caller";r=${spent.remaining};t=${Math.ceil(spent.waitMs / 1000)}`)
      if (!spent.allowed) throw limited(spent)
    }
    return { principal: withPurpose(principal, request.headers), token }
  }

  #stranger(request: FastifyRequest, problem: Problem): Problem {
    turnedAway.add(1, { reason: problem.reason })
    const spent = this.#strangers?.spend(request.ip, this.#clock())
    return spent && !spent.allowed ? limited(spent) : problem
  }
}

const missing = () => platformProblem('UNAUTHENTICATED', 'TOKEN_MISSING')

function limited({ waitMs }: Spent): Problem {
  turnedAway.add(1, { reason: 'RATE_LIMITED' })
  return refusal('RATE_LIMITED', { retryAfterMs: waitMs })
}
