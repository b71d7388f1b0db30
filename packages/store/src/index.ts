export { MAX_EVENTS } from './checks.ts'
export * from './memory.ts'
export * from './port.ts'
