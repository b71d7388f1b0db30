import { aggregate } from '@jinbao/service'
import { accountDecider, accountEvents } from './domain/account.ts'
import { clearingDecider, clearingEvents } from './domain/clearing.ts'
import { institutionDecider, institutionEvents } from './domain/institution.ts'
import { yearDecider, yearEvents } from './domain/year.ts'

/** `medical-account-<person id>` */
export const accounts = aggregate('account', accountEvents, accountDecider)
/** `medical-year-<person id>-<yyyy>` */
export const years = { ...aggregate('year', yearEvents, yearDecider), weight: 8 }
/** `medical-institution-<institution id>` */
export const institutions = aggregate('institution', institutionEvents, institutionDecider)
/** `medical-clearing-<institution id>.<yyyy-mm>.<number>` */
export const clearings = { ...aggregate('clearing', clearingEvents, clearingDecider), weight: 50 }

export const yearId = (personId: string, year: number | string): string => `${personId}-${year}`
