import { isMonth, MonthSet } from '@jinbao/core'
import { CollectionServiceService } from '@jinbao/proto/collection/v1/collection.ts'
import { allow, api, ownEmployer, self } from '@jinbao/service'
import { closeDeclaration, correctDeclaration, estimateDeclaration, settleRetroactive } from './correcting.ts'
import { changeLines, openDeclaration, submitDeclaration } from './declaring.ts'
import { flexibleFacts } from './facts.ts'
import { getLateFee, lineExplanation, listArrears, listDeclarationLines, listReceivables } from './questions.ts'
import { matchReceipt, recordReceipt } from './receiving.ts'
import { declarationOf, flexibleMonthsOf, opened, receiptOf } from './show.ts'
import { declarationId, declarations, flexible, receipts } from './streams.ts'

interface OfEmployer {
  readonly employerId: string
}
interface OfPerson {
  readonly personId: string
}

const filing = [...allow('officer', 'integrator'), ownEmployer(({ employerId }: OfEmployer) => employerId)]
const reading = [
  ...allow('officer', 'reviewer', 'supervisor', 'integrator', 'service'),
  ownEmployer(({ employerId }: OfEmployer) => employerId),
]
const herself = [...allow('officer', 'integrator'), self(({ personId }: OfPerson) => personId)]

export const collectionApi = api(
  CollectionServiceService,
  {
    openDeclaration,
    changeLines,
    submitDeclaration,
    correctDeclaration,
    settleRetroactive,
    estimateDeclaration,
    closeDeclaration,
    async getDeclaration({ employerId, month }, context) {
      const { state } = await context.load(declarations, declarationId(employerId, month))
      return declarationOf(opened(state, month))
    },
    listDeclarationLines,
    getLineExplanation: lineExplanation,
    getLateFee,
    recordReceipt,
    matchReceipt,
    async getReceipt({ receiptId }, context) {
      return receiptOf((await context.load(receipts, receiptId)).state)
    },
    listReceivables,
    listArrears,
    async declareFlexible(data, context) {
      const to = data.toMonth || data.fromMonth
      const months = isMonth(data.fromMonth) && isMonth(to) ? [...MonthSet.range(data.fromMonth, to)] : []
      const facts = flexibleFacts(context.db, data.personId, months)
      const { receipt, state } = await context.handle(flexible, data.personId, { type: 'Declare', data, facts })
      return { receipt, months: flexibleMonthsOf(state) }
    },
    async withdrawFlexible(data, context) {
      const { receipt, state } = await context.handle(flexible, data.personId, { type: 'Withdraw', data })
      return { receipt, months: flexibleMonthsOf(state) }
    },
    async getFlexible({ personId }, context) {
      return { months: flexibleMonthsOf((await context.load(flexible, personId)).state) }
    },
  },
  {
    openDeclaration: filing,
    changeLines: filing,
    submitDeclaration: filing,
    correctDeclaration: allow('officer'),
    settleRetroactive: allow('officer'),
    estimateDeclaration: allow('officer'),
    closeDeclaration: allow('officer'),
    getDeclaration: reading,
    listDeclarationLines: reading,
    // C-8, DC-06: the employee is told what was withheld, here at any time.
    getLineExplanation: [...reading, self(({ personId }: OfPerson) => personId)],
    getLateFee: reading,
    recordReceipt: allow('officer', 'integrator'),
    matchReceipt: allow('officer', 'integrator'),
    getReceipt: allow('officer', 'reviewer', 'supervisor', 'integrator', 'service'),
    listReceivables: reading,
    listArrears: allow('officer', 'reviewer', 'supervisor', 'service'),
    declareFlexible: herself,
    withdrawFlexible: herself,
    getFlexible: [...herself, ...allow('reviewer', 'supervisor', 'service')],
  },
)
