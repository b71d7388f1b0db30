import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '@jinbao/core'
import { describeConfig, flag, oneOf, readConfig, secret, text, whole } from './config.ts'

const settings = {
  JINBAO_PORT: whole('port', 8080, 1, 65_535),
  JINBAO_KEY: secret('key'),
  JINBAO_MODE: oneOf('mode', 'a', 'b'),
  JINBAO_ON: flag('on', false),
  JINBAO_NAME: text('name', 'x'),
}

test('unset variables take their defaults; others are read', () => {
  assert.deepEqual(readConfig(settings, {}), {
    JINBAO_PORT: 8080,
    JINBAO_KEY: '',
    JINBAO_MODE: 'a',
    JINBAO_ON: false,
    JINBAO_NAME: 'x',
  })
  const given = {
    JINBAO_PORT: '81',
    JINBAO_KEY: 'k',
    JINBAO_MODE: 'b',
    JINBAO_ON: 'true',
    JINBAO_NAME: 'y',
    PATH: '/bin',
  }
  assert.deepEqual(readConfig(settings, given), {
    JINBAO_PORT: 81,
    JINBAO_KEY: 'k',
    JINBAO_MODE: 'b',
    JINBAO_ON: true,
    JINBAO_NAME: 'y',
  })
})

test('every unknown and malformed variable is named at once', () => {
  assert.throws(
    () => readConfig(settings, { JINBAO_PROT: '1', JINBAO_PORT: '0', JINBAO_MODE: 'c', JINBAO_ON: 'yes' }),
    (error: unknown) => {
      assert.ok(error instanceof Problem)
      assert.deepEqual(
        error.details.fields?.map(({ field, reason }) => `${field} ${reason}`),
        [
          'JINBAO_PROT UNKNOWN_VARIABLE',
          'JINBAO_PORT MALFORMED_VARIABLE',
          'JINBAO_MODE MALFORMED_VARIABLE',
          'JINBAO_ON MALFORMED_VARIABLE',
        ],
      )
      return true
    },
  )
})

test('the printed table hides secrets', () => {
  const shown = describeConfig(settings, readConfig(settings, { JINBAO_KEY: 'very secret' }))
  assert.ok(!shown.includes('very secret') && shown.includes('***') && shown.includes('8080'))
})
