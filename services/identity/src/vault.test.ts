import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { blindIndex, loadRegionKeys, regionKeys } from './regionKeys.ts'
import { open, seal, sqliteVault } from './vault.ts'

const key = randomBytes(32)
test('sealed text opens with its key and context, and with nothing else', () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(), (text, at) => {
      const sealed = seal(key, text, 'p1/identity')
      assert.deepEqual(new Uint8Array(open(key, sealed, 'p1/identity')), text)
      assert.throws(() => open(key, sealed, 'p2/identity'))
      assert.throws(() => open(randomBytes(32), sealed, 'p1/identity'))
      const broken = Buffer.from(sealed)
      broken[at % broken.length]! ^= 1
      assert.throws(() => open(key, broken, 'p1/identity'))
    }),
  ))
test('the same text never looks the same sealed', () =>
  assert.notDeepEqual(seal(key, Buffer.from('a'), 'x'), seal(key, Buffer.from('a'), 'x')))
test('a blind index is the same for the same text and key, apart by kind, and does not hold the text', () => {
  const [a, b] = [randomBytes(32), randomBytes(32)]
  const number = '110199198801081234'
  assert.equal(blindIndex(a, 'number', number), blindIndex(a, 'number', number))
  assert.notEqual(blindIndex(a, 'number', number), blindIndex(b, 'number', number))
  assert.notEqual(blindIndex(a, 'number', number), blindIndex(a, 'strong', number))
  assert.notEqual(blindIndex(a, 'birth', 'a', 'bc'), blindIndex(a, 'birth', 'ab', 'c'))
  assert.ok(!blindIndex(a, 'number', number).includes(number))
})

test('keys outlive a restart, are kept wrapped, and once destroyed never come back', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-keys-'))
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'keys.db')
  const { wrapKey } = loadRegionKeys(folder)
  assert.equal(fs.statSync(path.join(folder, 'region.key')).mode & 0o777, 0o600)
  const first = sqliteVault(file, wrapKey)
  const made = await Promise.all(['p1', 'p2', 'p1'].map((id) => first.create(id)))
  assert.deepEqual(made[0], made[2])
  assert.notDeepEqual(made[0], made[1])
  first.close()
  assert.ok(!fs.readFileSync(file).includes(made[0]!))
  const again = sqliteVault(file, loadRegionKeys(folder).wrapKey)
  assert.deepEqual(await again.get('p1'), made[0])
  await again.destroy('p1')
  await again.destroy('never-there')
  assert.deepEqual(
    [await again.get('p1'), await again.create('p1'), await again.create('never-there')],
    [undefined, undefined, undefined],
  )
  assert.deepEqual(await again.get('p2'), made[1])
  again.close()
  const stranger = sqliteVault(file, randomBytes(32))
  await assert.rejects(stranger.get('p2'))
  stranger.close()
})
test('a region key that is no 32 bytes stops the start', () =>
  assert.throws(() => regionKeys(Buffer.from('abc')), { reason: 'BAD_CONFIGURATION' }))
