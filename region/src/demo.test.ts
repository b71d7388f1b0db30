import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runDemo } from './demo.ts'

test('EX-1 EX-3 EX-4 EX-5 EX-7 EX-9 E1 C-10 G-07 the demonstration brings every figure to the fen', async () => {
  const said: string[] = []
  const wrong = await runDemo((text) => said.push(text))
  const text = said.join('')
  assert.equal(wrong, 0, text)
  for (const figure of ['5295.38', '71898.06', '109919.04', '17578.31', '6051.84', '16104.86 + 6590.06'])
    assert.ok(text.includes(figure), figure)
  assert.match(text, /计算说明[\s\S]*How this was computed/)
  assert.match(text, /✗ value: step/)
})
