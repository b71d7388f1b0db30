export * from './answer.ts'
export * from './clock.ts'
export * from './config.ts'
export * from './db.ts'
export * from './define.ts'
export * from './events.ts'
export { everyMinutes } from './every.ts'
export { type Cause, MAX_ORDERS } from './handle.ts'
export { pageSize } from './operations.ts'
export {
  type Engines,
  missing,
  opaqueId,
  type Running,
  runService,
  serviceCall,
} from './run.ts'
