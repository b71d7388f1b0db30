// Bearer tokens of any OIDC issuer, verified by its published keys; the gateway and every service do it alike.
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { Problem } from '@jinbao/core'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { Principal, Role } from './port.ts'

export interface Issuer {
  /** Value of `iss`. */
  readonly issuer: string
  readonly audience: string
  /** https URL of the JWKS, path of a file, or the keys themselves (a function when they rotate in this process). */
  readonly jwks: string | JSONWebKeySet | (() => JSONWebKeySet)
  /** Where the roles are, e.g. `roles` or `realm_access.roles`. */
  readonly rolesClaim?: string
  readonly personClaim?: string
  readonly employerClaim?: string
}

export interface VerifierOptions {
  readonly issuers: readonly Issuer[]
  /** Epoch milliseconds. */
  readonly clock?: () => number
  /** Verified tokens remembered until they expire. */
  readonly remembered?: number
  readonly clockToleranceSeconds?: number
}

const known: ReadonlySet<string> = new Set<Role>([
  'citizen',
  'employer',
  'officer',
  'reviewer',
  'supervisor',
  'integrator',
  'operator',
  'service',
])

/** No symmetric algorithms: a public key must never pass for a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

export type Verifier = (token: string) => Principal | Promise<Principal>

/** Each token is verified once and remembered until it expires. */
export function tokenVerifier(options: VerifierOptions): Verifier {
  const now = options.clock ?? Date.now
  const limit = options.remembered ?? 10_000
  const issuers = new Map(options.issuers.map((issuer) => [issuer.issuer, { issuer, keys: keysOf(issuer) }]))
  const verified = new Map<string, { readonly principal: Principal; readonly until: number }>()

  const verify = async (token: string): Promise<Principal> => {
    const found = issuers.get(issuerOf(token))
    if (!found) throw no('TOKEN_ISSUER_UNKNOWN', 'the issuer of the token is not trusted here', '凭证签发方不受信任')
    const payload = await checked(token, found.issuer, found.keys, now(), options.clockToleranceSeconds ?? 5)
    const principal = principalOf(payload, found.issuer)
    if (verified.size >= limit) verified.delete(verified.keys().next().value as string)
    verified.set(token, { principal, until: (payload.exp ?? 0) * 1000 })
    return principal
  }

  return (token) => {
    const seen = verified.get(token)
    if (seen && seen.until > now()) return seen.principal
    if (seen) verified.delete(token)
    return verify(token)
  }
}

function keysOf({ jwks }: Issuer): JWTVerifyGetKey {
  if (typeof jwks === 'function') {
    // Made anew only when the keys have changed.
    let made: { readonly of: string; readonly get: JWTVerifyGetKey } | undefined
    return (header, token) => {
      const set = jwks()
      const of = createHash('sha256').update(JSON.stringify(set)).digest('hex')
      if (made?.of !== of) made = { of, get: createLocalJWKSet(set) }
      return made.get(header, token)
    }
  }
  if (typeof jwks !== 'string') return createLocalJWKSet(jwks)
  if (/^https?:/.test(jwks)) return createRemoteJWKSet(new URL(jwks), { timeoutDuration: 3_000 })
  return createLocalJWKSet(JSON.parse(fs.readFileSync(jwks, 'utf8')) as JSONWebKeySet)
}

const no = (reason: string, en: string, zh: string) =>
  new Problem('UNAUTHENTICATED', reason, en, { service: 'jinbao', zh })
const invalid = () => no('TOKEN_INVALID', 'the token is not valid', '凭证无效')

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    throw invalid()
  }
}

async function checked(
  token: string,
  issuer: Issuer,
  keys: JWTVerifyGetKey,
  nowMs: number,
  clockTolerance: number,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms,
      requiredClaims: ['sub', 'exp'],
      clockTolerance,
      currentDate: new Date(nowMs),
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw no('TOKEN_EXPIRED', 'the token has expired', '凭证已过期')
    // Not the caller's fault: the issuer's keys could not be fetched.
    if (error instanceof errors.JWKSTimeout || error instanceof TypeError)
      throw new Problem('UNAVAILABLE', 'ISSUER_UNAVAILABLE', 'the keys of the issuer cannot be fetched now', {
        service: 'jinbao',
        zh: '暂时无法获取签发方公钥',
        retryAfterMs: 2_000,
      })
    if (error instanceof errors.JOSEError) throw invalid()
    throw error
  }
}

function claimAt(payload: JWTPayload, path: string): unknown {
  let at: unknown = payload
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

function principalOf(payload: JWTPayload, issuer: Issuer): Principal {
  const text = (path: string) => {
    const value = claimAt(payload, path)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const claim = claimAt(payload, issuer.rolesClaim ?? 'roles')
  const given: unknown[] = Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(/[ ,]+/) : []
  const person = text(issuer.personClaim ?? 'person')
  const employer = text(issuer.employerClaim ?? 'employer')
  return {
    subject: payload.sub ?? '',
    // Roles of other systems in the same token mean nothing here.
    roles: given.filter((role): role is Role => typeof role === 'string' && known.has(role)),
    ...(person === undefined ? {} : { person }),
    ...(employer === undefined ? {} : { employer }),
  }
}
