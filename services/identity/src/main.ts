import { flag, secret } from '@jinbao/service/config.ts'
import { main } from '@jinbao/service/main.ts'
import { openIdentity } from './service.ts'

const settings = {
  JINBAO_REGION_KEY: secret(
    '32 bytes in hexadecimal digits that wrap persons’ keys; default: a file in the data folder',
  ),
  JINBAO_ALLOW_SYNTHETIC_IDS: flag('take identity numbers that nobody can hold: for tests only', false),
}

await main((folder, config) => {
  const options = { regionKey: config.JINBAO_REGION_KEY, allowSyntheticIds: config.JINBAO_ALLOW_SYNTHETIC_IDS }
  return openIdentity(folder, options).service
}, settings)
