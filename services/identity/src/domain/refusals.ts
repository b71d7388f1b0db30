import { defineRefusals } from '@jinbao/core'
import { otherRefusals } from './refusals-other.ts'
import { personRefusals } from './refusals-person.ts'

const { refuse: no, table } = defineRefusals('identity', { ...personRefusals, ...otherRefusals })

export const refuse: typeof no = no
export const refusals = table
