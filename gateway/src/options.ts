import type { Refusal } from '@jinbao/core'
import type { Principal, Transport } from '@jinbao/rpc'
import type { SpanStore } from '@jinbao/telemetry'
import type { DevIssuer } from './devIssuer.ts'
import type { ImportKind } from './imports/kind.ts'

/** Every one of them may be set by whoever opens the gateway. */
export interface Limits {
  readonly bodyBytes: number
  readonly urlBytes: number
  /** Calls running at once; more are turned away with Retry-After. */
  readonly concurrency: number
  readonly defaultDeadlineMs: number
  /** A longer deadline asked for is shortened to this. */
  readonly maxDeadlineMs: number
  /** A greater page_size is lowered to this. */
  readonly pageSize: number
  /** Requests a second of one caller, in the long run; 0 for no limit. */
  readonly ratePerSecond: number
  /** Requests a caller may make at once after a pause. */
  readonly rateBurst: number
  /** Requests a second of one address without a valid token, so that tokens cannot be guessed. */
  readonly anonymousPerSecond: number
  readonly uploadBytes: number
  /** A workbook is unpacked in memory, so it has a smaller limit than text. */
  readonly workbookBytes: number
  readonly importDeadlineMs: number
  readonly importsAtOnce: number
}

export const defaultLimits: Limits = {
  bodyBytes: 1024 * 1024,
  urlBytes: 8 * 1024,
  concurrency: 512,
  defaultDeadlineMs: 10_000,
  maxDeadlineMs: 120_000,
  pageSize: 1_000,
  ratePerSecond: 10_000,
  rateBurst: 20_000,
  anonymousPerSecond: 100,
  uploadBytes: 200 * 1024 * 1024,
  workbookBytes: 20 * 1024 * 1024,
  importDeadlineMs: 30 * 60_000,
  importsAtOnce: 4,
}

/** Documented refusals of the services: service name to its list, for the pages /problems/… */
export type Catalogue = Readonly<Record<string, Readonly<Record<string, Refusal>>>>

export interface GatewayOptions {
  /** Where a service is reached; undefined when this gateway does not offer it. */
  readonly transport: (service: string) => Transport | undefined
  /** Descriptor set with comments (proto/gen/image.binpb). */
  readonly image: Uint8Array
  /** Verifies a bearer token; throws UNAUTHENTICATED. See `tokenVerifier` of rpc and `devIssuer`. */
  readonly authenticate: (token: string) => Promise<Principal> | Principal
  readonly limits?: Partial<Limits>
  readonly imports?: readonly ImportKind[]
  readonly catalogue?: Catalogue
  /** Public half of the development issuer, offered under /.well-known. */
  readonly issuer?: Pick<DevIssuer, 'issuer' | 'jwks'>
  /** Traces kept in this process, for /traces. */
  readonly spans?: SpanStore
  /** Text of a Prometheus scrape. */
  readonly metrics?: () => Promise<string>
  /** Services that are not ready; none: ready. */
  readonly notReady?: () => Promise<readonly string[]>
  /** What the first page calls this region. */
  readonly title?: string
  /** Folder for uploads under way; default the system's. */
  readonly scratch?: string
  /** Milliseconds; for limits and deadlines. */
  readonly clock?: () => number
  /** Behind a proxy: whose X-Forwarded-For is believed. */
  readonly trustProxy?: boolean | string
}
