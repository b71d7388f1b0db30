import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

test('the verifier imports nothing of the platform it checks', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => !/\.(test|testing)\.ts$/.test(file))
  assert.ok(files.length > 5)
  for (const file of files) {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8')
    const imported = [...text.matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '')
    for (const from of imported)
      assert.match(from, /^(node:[a-z]+|ajv\/dist\/2020\.js|yaml|\.\/[A-Za-z]+\.ts)$/, `${file} imports ${from}`)
    assert.ok(!imported.some((from) => from.includes('.testing.') || from.includes('.test.')), file)
  }
})
