import { aggregate } from '@jinbao/service'
import { workerDecider, workerEvents } from './domain/worker.ts'

/** `employment-worker-<person id>` */
export const workers = aggregate('worker', workerEvents, workerDecider)
