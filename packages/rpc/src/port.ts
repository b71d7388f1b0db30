// What a service and its callers agree on, whatever carries the call. Transports: in-process (inprocess.ts) and gRPC
// (server.ts, client.ts); both carry the same ts-proto definitions.

/** One rpc as ts-proto writes it (outputServices=grpc-js), types erased; RequestOf and ResponseOf bring them back. */
export interface Method {
  /** `/jinbao.pension.v1.PensionService/GetAccount` */
  readonly path: string
  readonly requestStream: boolean
  readonly responseStream: boolean
  readonly requestSerialize: (value: never) => Buffer
  readonly requestDeserialize: (bytes: Buffer) => unknown
  readonly responseSerialize: (value: never) => Buffer
  readonly responseDeserialize: (bytes: Buffer) => unknown
}

/** A generated service definition: rpc name in camelCase to its method. All rpcs are unary. */
export type Definition = Readonly<Record<string, Method>>

export type RequestOf<M> = M extends { requestDeserialize: (bytes: Buffer) => infer Req } ? Req : never
export type ResponseOf<M> = M extends { responseDeserialize: (bytes: Buffer) => infer Res } ? Res : never

export type Role =
  | 'citizen'
  | 'employer'
  | 'officer'
  | 'reviewer'
  | 'supervisor'
  | 'integrator'
  | 'operator'
  | 'service'

/** Who calls, from a verified token. A service never takes this from the request body. */
export interface Principal {
  readonly subject: string
  readonly roles: readonly Role[]
  /** Opaque person id of a citizen. */
  readonly person?: string
  /** Opaque employer id of an employer's user. */
  readonly employer?: string
  /** Why personal data is asked for; recorded with every read of a person. */
  readonly purpose?: string
}

/** Everything that travels beside a request. */
export interface Call {
  readonly principal: Principal
  /** Raw bearer token, passed on so that every service verifies it itself. */
  readonly token?: string
  /** Idempotency: principal's key made unique, and digest of the body. */
  readonly commandId?: string
  readonly commandDigest?: string
  /** Decide and answer, record nothing. */
  readonly validateOnly?: boolean
  /** Positions the caller has seen, `service:position`: the answer must include them. */
  readonly atLeast?: string
  /** Moment at which the caller gives up, epoch milliseconds. */
  readonly deadline: number
  readonly signal: AbortSignal
  readonly traceparent?: string
}

/** Handlers of a definition: request and call in, response out; a Problem thrown is an expected no. */
export type Handlers<D extends Definition, C = Call> = {
  readonly [K in keyof D]: (request: RequestOf<D[K]>, context: C) => Promise<ResponseOf<D[K]>>
}

/** Typed client of a definition. */
export type Client<D extends Definition> = {
  readonly [K in keyof D]: (request: RequestOf<D[K]>, call: Call) => Promise<ResponseOf<D[K]>>
}

/** Carries one unary call as bytes; what the gateway speaks. Throws Problem. */
export interface Transport {
  unary(path: string, request: Uint8Array, call: Call): Promise<Uint8Array>
  close(): Promise<void>
}
