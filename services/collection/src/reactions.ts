// Our own facts, which other streams of ours follow: a paid bill reaches its chunks, what was too much becomes a credit.
import { on, order } from '@jinbao/service'
import { declarationEvents } from './domain/declaration.ts'
import { creditOfCorrection, creditOfSettlement, sentOnSettlement, sentTo } from './domain/matching.ts'
import type { ReceiveMoney } from './domain/receive.ts'
import { chunkId, chunks, receipts } from './streams.ts'

const { PaymentAllocated, EstimateSettled, DeclarationCorrected } = declarationEvents

const toChunks = (
  { employerId, month }: { readonly employerId: string; readonly month: string },
  money: ReceiveMoney[],
) => money.map((data) => order(chunks, chunkId(employerId, month, data.money.chunk), { type: 'Receive', data }))

export const reactions = [
  on('collection', { PaymentAllocated }, 'PaymentAllocated', (event) => toChunks(event, sentTo(event))),
  on('collection', { EstimateSettled }, 'EstimateSettled', (event) => [
    ...toChunks(event, sentOnSettlement(event)),
    ...creditOfSettlement(event).map((data) => order(receipts, data.receiptId, { type: 'Record', data })),
  ]),
  on('collection', { DeclarationCorrected }, 'DeclarationCorrected', (event) =>
    creditOfCorrection(event).map((data) => order(receipts, data.receiptId, { type: 'Record', data })),
  ),
]
