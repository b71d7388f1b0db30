export { MAX_CHARACTERS, MAX_EVENTS } from './checks.ts'
export * from './feed.ts'
export * from './memory.ts'
export * from './port.ts'
