// The region's own keys, made of one 32-byte secret: from configuration, or a file in the data folder (development).
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { Problem } from '@jinbao/core'

export interface RegionKeys {
  /** Wraps persons' keys. */
  readonly wrapKey: Buffer
  /** Makes blind indexes. */
  readonly indexKey: Buffer
}

const derive = (secret: Buffer, use: string) =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `jinbao identity ${use}`, 32))

export function regionKeys(secret: Buffer): RegionKeys {
  if (secret.length !== 32)
    throw new Problem('INVALID_ARGUMENT', 'BAD_CONFIGURATION', 'the region key has 32 bytes, in hexadecimal digits')
  return { wrapKey: derive(secret, 'wrap'), indexKey: derive(secret, 'index') }
}

/** `hex` from configuration, else the file `region.key`, made on first use and readable by its owner only. */
export function loadRegionKeys(folder: string, hex = ''): RegionKeys {
  if (hex) return regionKeys(Buffer.from(hex, 'hex'))
  const file = path.join(folder, 'region.key')
  if (!fs.existsSync(file)) {
    fs.mkdirSync(folder, { recursive: true })
    const descriptor = fs.openSync(file, 'wx', 0o600)
    fs.writeSync(descriptor, randomBytes(32).toString('hex'))
    fs.fsyncSync(descriptor)
    fs.closeSync(descriptor)
  }
  return regionKeys(Buffer.from(fs.readFileSync(file, 'utf8').trim(), 'hex'))
}

/** Blind index: the same text gives the same index, and without the region's key nobody can tell which text it was. */
export function blindIndex(indexKey: Buffer, kind: 'number' | 'birth' | 'strong', ...parts: string[]): string {
  const digest = createHmac('sha256', indexKey)
    .update(JSON.stringify([kind, ...parts]))
    .digest('hex')
  return `${kind}:${digest.slice(0, 40)}`
}
