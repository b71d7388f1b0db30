import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OpenDb, openDb } from './db.ts'
import { Answers } from './idempotency.ts'

test('answers that cannot be written down do not end the process, and a repeat is worked out anew', async () => {
  const db = openDb(':memory:')
  const full: OpenDb = {
    ...db,
    transaction: () => {
      throw new Error('database or disk is full')
    },
  }
  const answers = new Answers(full)
  let worked = 0
  const once = () => answers.once('k', 'd', '2026-07-01T00:00:00Z', async () => Buffer.from(`${++worked}`))
  await once()
  await new Promise((resolve) => setTimeout(resolve, 600))
  assert.equal(String(await once()), '2')
})
