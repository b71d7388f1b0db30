// An issuer of tokens for development: its keys lie in the data folder, its tokens are real. Never on unless asked for.
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Role } from '@jinbao/rpc'
import type { Issuer } from '@jinbao/rpc/tokens.ts'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'

export interface Grant {
  readonly subject: string
  readonly roles: readonly Role[]
  readonly person?: string
  readonly employer?: string
  readonly ttlSeconds?: number
}

export interface DevIssuer {
  readonly issuer: string
  readonly audience: string
  mint(grant: Grant): Promise<string>
  /** A new signing key; tokens of the one before stay good until they expire. */
  rotate(): Promise<void>
  /** Public keys. */
  jwks(): { keys: JWK[] }
  /** For `tokenVerifier`. */
  trust(): Issuer
}

export interface DevIssuerOptions {
  /** Folder of the key file, made if missing. */
  readonly folder: string
  readonly issuer?: string
  readonly audience?: string
  readonly clock?: () => number
}

/** Keys that sign no more are kept this many; older tokens are long expired by then. */
const KEPT_KEYS = 3
const DEFAULT_TTL_SECONDS = 12 * 3_600

export async function devIssuer(options: DevIssuerOptions): Promise<DevIssuer> {
  const { issuer = 'urn:jinbao:development', audience = 'jinbao', clock = Date.now } = options
  const file = path.join(options.folder, 'development-issuer.json')
  let keys: JWK[] = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as { keys: JWK[] }).keys : []

  const rotate = async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(privateKey)
    const made = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' }
    keys = [made, ...keys].slice(0, KEPT_KEYS)
    fs.mkdirSync(options.folder, { recursive: true })
    // Renamed into place: a crash leaves the old keys or the new ones.
    fs.writeFileSync(`${file}.new`, JSON.stringify({ keys }), { mode: 0o600 })
    fs.renameSync(`${file}.new`, file)
  }
  if (keys.length === 0) await rotate()

  const jwks = () => ({ keys: keys.map(({ d: _, ...open }) => open as JWK) })
  return {
    issuer,
    audience,
    rotate,
    jwks,
    trust: () => ({ issuer, audience, jwks }),
    async mint(grant) {
      const [key] = keys
      if (!key) throw new Error('no signing key')
      const seconds = Math.trunc(clock() / 1000)
      return new SignJWT({
        roles: grant.roles,
        ...(grant.person === undefined ? {} : { person: grant.person }),
        ...(grant.employer === undefined ? {} : { employer: grant.employer }),
      })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid ?? '' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(grant.subject)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + (grant.ttlSeconds ?? DEFAULT_TTL_SECONDS))
        .sign(await importJWK(key, 'ES256'))
    },
  }
}
