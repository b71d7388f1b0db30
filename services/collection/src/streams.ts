import { aggregate } from '@jinbao/service'
import { chunkDecider, chunkEvents } from './domain/chunk.ts'
import { declarationDecider, declarationEvents } from './domain/declaration.ts'
import { flexibleDecider, flexibleEvents } from './domain/flexibleMonths.ts'
import { receiptDecider, receiptEvents } from './domain/receipt.ts'

/** `collection-declaration-<employer id>-<yyyy-mm>` */
export const declarations = aggregate('declaration', declarationEvents, declarationDecider)
/** `collection-declaration-<employer id>-<yyyy-mm>-<chunk>`: a thousand lines weigh four hundred plain streams. */
export const chunks = { ...aggregate('declaration', chunkEvents, chunkDecider), weight: 400 }
/** `collection-receipt-<id>` */
export const receipts = aggregate('receipt', receiptEvents, receiptDecider)
/** `collection-flexible-<person id>` */
export const flexible = aggregate('flexible', flexibleEvents, flexibleDecider)

export const declarationId = (employerId: string, month: string) => `${employerId}-${month}`
export const chunkId = (employerId: string, month: string, chunk: number) => `${employerId}-${month}-${chunk}`
