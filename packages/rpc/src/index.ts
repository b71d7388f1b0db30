// gRPC itself (server.ts, client.ts) is imported by its own path: an embedded region never loads it.
export { type DispatchOptions, defaultLimits, type Limits, type Served, served } from './dispatch.ts'
export * from './inprocess.ts'
export * from './port.ts'
export * from './status.ts'
export * from './typed.ts'
