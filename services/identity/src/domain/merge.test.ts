import { test } from 'node:test'
import { story } from '@jinbao/core/story.ts'
import { MergeEvidence } from '@jinbao/proto/identity/v1/events.ts'
import { type MergeCommand, mergeDecider } from './merge.ts'
import { second, world } from './testing.ts'

const history = story(mergeDecider, world)
const data = {
  mergeId: 'm1',
  survivorId: 'p1',
  absorbedId: 'p2',
  evidence: [MergeEvidence.SAME_ALIAS],
  documentIds: [],
  proposedBy: '',
}
const propose: MergeCommand = { type: 'Propose', data }
const proposed = history().when(propose).events()
const block: MergeCommand = { type: 'Block', data: { mergeId: 'm1', reference: 'claim-1', kind: 'OPEN_CLAIM' } }

test('O§1.6 a merge needs two records and evidence', () => {
  history().when(propose).thenTypes('MergeProposed')
  history(...proposed)
    .when(propose)
    .thenNothing()
  history()
    .when({ type: 'Propose', data: { ...data, absorbedId: 'p1' } })
    .thenRefused('SAME_RECORD')
  history()
    .when({ type: 'Propose', data: { ...data, evidence: [] } })
    .thenRefused('EVIDENCE_MISSING')
})
test('O§1.6 four eyes, and what is open blocks', () => {
  const waiting = history(...proposed)
  waiting.when({ type: 'Approve' }).thenRefused('SAME_OFFICER')
  const blocked = waiting.and(...waiting.when(block).thenTypes('MergeBlocked'))
  blocked.when({ type: 'Approve' }, second).thenRefused('MERGE_BLOCKED')
  blocked.when(block).thenNothing()
  const free = blocked.and(...blocked.when({ type: 'ClearBlock', reference: 'claim-1' }).thenTypes('MergeBlockCleared'))
  const done = free.and(...free.when({ type: 'Approve' }, second).thenTypes('MergeDone'))
  done.when({ type: 'Approve' }, second).thenNothing()
  done.when(block).thenRefused('MERGE_CLOSED')
})
test('O§1.6 a merge that was done can be taken back, one that was not cannot', () => {
  const waiting = history(...proposed)
  waiting.when({ type: 'Revert', reason: 'TWO_PERSONS' }).thenRefused('MERGE_NOT_DONE')
  const done = waiting.and({ type: 'MergeDone', data: { mergeId: 'm1' } })
  done.when({ type: 'Revert', reason: '' }).thenRefused('REASON_MISSING')
  const back = done.and(...done.when({ type: 'Revert', reason: 'TWO_PERSONS' }).thenTypes('MergeReverted'))
  back.when({ type: 'Revert', reason: 'TWO_PERSONS' }).thenNothing()
  back.when({ type: 'Approve' }, second).thenRefused('MERGE_CLOSED')
  waiting.when({ type: 'Decline', reason: 'TWO_PERSONS' }).thenTypes('MergeDeclined')
})
