// A seeded population goes through the whole region: what the seed writes, import and declare take.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { test } from 'node:test'
import { connect } from '@jinbao/client'
import { declare } from '../cli/declare.ts'
import { importers } from '../cli/imports.ts'
import { openRegion } from '../region.ts'
import { writeSeed } from './write.ts'

test('DC-11 a seeded population is registered, hired, taken over and declared without a wrong row', async () => {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-seeded-'))
  const [place, month] = ['310000', '2026-06']
  const population = { folder: scratch, place, month, size: 300, seed: 3, averageFen: 1_243_400n }
  const seeded = await writeSeed(population)
  const clock = () => Temporal.Instant.from('2026-06-20T02:00:00Z')
  const region = await openRegion({ place, folder: path.join(scratch, 'data'), clock, allowSyntheticIds: true })
  try {
    const url = await region.gateway.listen({ port: 0 })
    const officer = connect({
      url,
      token: () => region.issuer.mint({ subject: 'o', roles: ['officer'] }),
      purpose: 'seed',
    })
    for (const [name, take] of Object.entries(importers)) {
      const report = await take(officer, path.join(scratch, `${name}.csv`))
      assert.deepEqual([name, report.errors], [name, []])
      await region.settle()
    }
    const report = await declare(officer, path.join(scratch, 'payroll.csv'), { month })
    assert.deepEqual([report.errors, report.submitted], [[], true])
    const persons = report.declared.reduce((sum, { declaration }) => sum + declaration.persons, 0)
    assert.equal(persons, seeded.employed)
  } finally {
    await region.close()
    fs.rmSync(scratch, { recursive: true })
  }
})
