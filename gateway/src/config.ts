// Configuration of a gateway process by environment: every variable is declared, checked and printed.
import { defaultLimits, type Limits } from './options.ts'

export interface GatewayConfig {
  readonly host: string
  readonly port: number
  readonly services: ReadonlyMap<string, string>
  readonly image: string
  readonly oidc?: {
    readonly issuer: string
    readonly audience: string
    readonly jwks: string
    readonly rolesClaim: string
  }
  /** Folder of the development issuer's keys. */
  readonly devIssuer?: string
  readonly tls?: { readonly ca: string; readonly key?: string; readonly cert?: string }
  readonly title?: string
  readonly trustProxy: boolean
  readonly limits: Limits
}

interface Variable {
  readonly fallback: string
  readonly help: string
  /** What it must be; undefined when the text will do. */
  readonly wrong?: (text: string) => string | undefined
}

const whole = (most: number) => (text: string) =>
  /^\d+$/.test(text) && Number(text) <= most ? undefined : `a whole number from 0 to ${most}`
const flag = (text: string) => (text === 'true' || text === 'false' ? undefined : 'true or false')
const services = (text: string) =>
  text.split(',').every((one) => /^\s*[a-z][a-z0-9_]*=[^\s=,]+:\d+\s*$/.test(one)) ? undefined : 'name=host:port,…'

/** `bodyBytes` -> `JINBAO_LIMIT_BODY_BYTES` */
const limitName = (key: string) => `JINBAO_LIMIT_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

const limitVariables = Object.fromEntries(
  Object.entries(defaultLimits).map(([key, value]) => [
    limitName(key),
    { fallback: String(value), help: `limit ${key}`, wrong: whole(Number.MAX_SAFE_INTEGER) } satisfies Variable,
  ]),
)

const variables: Readonly<Record<string, Variable>> = {
  JINBAO_HOST: { fallback: '0.0.0.0', help: 'address to listen on' },
  JINBAO_PORT: { fallback: '8080', help: 'port to listen on', wrong: whole(65_535) },
  JINBAO_SERVICES: { fallback: '', help: 'services: pension=host:port,…', wrong: services },
  JINBAO_IMAGE: { fallback: '', help: 'descriptor image; default the one of this release' },
  JINBAO_OIDC_ISSUER: { fallback: '', help: 'iss of the tokens' },
  JINBAO_OIDC_AUDIENCE: { fallback: 'jinbao', help: 'aud of the tokens' },
  JINBAO_OIDC_JWKS: { fallback: '', help: 'URL or file of the issuer’s public keys' },
  JINBAO_OIDC_ROLES_CLAIM: { fallback: 'roles', help: 'where the roles are, e.g. realm_access.roles' },
  JINBAO_DEV_ISSUER: { fallback: '', help: 'folder of a development issuer’s keys; empty: none' },
  JINBAO_TLS_CA: { fallback: '', help: 'PEM file: who signs the services’ certificates; empty: no TLS' },
  JINBAO_TLS_CERT: { fallback: '', help: 'PEM file: own certificate, for mTLS' },
  JINBAO_TLS_KEY: { fallback: '', help: 'PEM file: own key, for mTLS' },
  JINBAO_TITLE: { fallback: '', help: 'what the first page calls this region' },
  JINBAO_TRUST_PROXY: { fallback: 'false', help: 'believe X-Forwarded-For', wrong: flag },
  ...limitVariables,
}

/** Read by telemetry and the bootstrap, which check them themselves. */
const elsewhere = /^JINBAO_(LOG|CALLED_FROM|TRACE_[A-Z_]+)$/

/** Throws an Error with one line for each unknown or malformed variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const wrong: string[] = []
  for (const name of Object.keys(env))
    if (name.startsWith('JINBAO_') && !Object.hasOwn(variables, name) && !elsewhere.test(name))
      wrong.push(`${name} is no setting of the gateway`)
  for (const [name, { wrong: judge }] of Object.entries(variables)) {
    const text = env[name]
    const must = text ? judge?.(text) : undefined
    if (must) wrong.push(`${name} must be ${must}`)
  }
  const text = (name: string) => env[name] || variables[name]?.fallback || ''
  if (!text('JINBAO_SERVICES')) wrong.push('JINBAO_SERVICES is needed: name=host:port,…')
  if (Boolean(text('JINBAO_OIDC_ISSUER')) !== Boolean(text('JINBAO_OIDC_JWKS')))
    wrong.push('JINBAO_OIDC_ISSUER and JINBAO_OIDC_JWKS go together')
  if (!text('JINBAO_OIDC_ISSUER') && !text('JINBAO_DEV_ISSUER'))
    wrong.push('JINBAO_OIDC_ISSUER is needed (or JINBAO_DEV_ISSUER, for development)')
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return configOf(text)
}

function configOf(text: (name: string) => string): GatewayConfig {
  const issuer = text('JINBAO_OIDC_ISSUER')
  const ca = text('JINBAO_TLS_CA')
  const pairs = text('JINBAO_SERVICES')
    .split(',')
    .map((one) => one.trim().split('=') as [string, string])
  const limits = Object.keys(defaultLimits).map((key) => [key, Number(text(limitName(key)))])
  return {
    host: text('JINBAO_HOST'),
    port: Number(text('JINBAO_PORT')),
    services: new Map(pairs),
    image: text('JINBAO_IMAGE'),
    ...(issuer
      ? {
          oidc: {
            issuer,
            audience: text('JINBAO_OIDC_AUDIENCE'),
            jwks: text('JINBAO_OIDC_JWKS'),
            rolesClaim: text('JINBAO_OIDC_ROLES_CLAIM'),
          },
        }
      : {}),
    ...given('devIssuer', text('JINBAO_DEV_ISSUER')),
    ...(ca ? { tls: { ca, ...given('key', text('JINBAO_TLS_KEY')), ...given('cert', text('JINBAO_TLS_CERT')) } } : {}),
    ...given('title', text('JINBAO_TITLE')),
    trustProxy: text('JINBAO_TRUST_PROXY') === 'true',
    limits: Object.fromEntries(limits) as unknown as Limits,
  }
}

const given = <K extends string>(key: K, text: string): { [P in K]?: string } =>
  (text === '' ? {} : { [key]: text }) as { [P in K]?: string }

/** The table that the gateway prints at its start. */
export const describeConfig = (env: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(variables)
    .map(([name, { fallback, help }]) => `${name.padEnd(36)} ${env[name] || fallback || '–'}  # ${help}`)
    .join('\n')
