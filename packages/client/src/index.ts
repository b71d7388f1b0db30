export { routes } from '../gen/operations.ts'
export * from './client.ts'
export { ApiProblem, type ProblemDocument, Unreachable } from './problem.ts'
export type { ImportReport, RowError, UploadOptions } from './upload.ts'
