export * from './embedded.ts'
export * from './port.ts'
