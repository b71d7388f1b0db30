// An upload on its way to disk: measured, digested and looked at, never held in memory.
import { createHash, randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { refusal } from '../problem.ts'

export interface Spooled {
  readonly file: string
  readonly bytes: number
  /** sha256, hex. */
  readonly digest: string
  readonly form: 'csv' | 'xlsx'
  readonly encoding: 'utf-8' | 'gb18030'
  remove(): Promise<void>
}

export async function spool(
  upload: Readable,
  { limit, workbookLimit, folder = os.tmpdir() }: { limit: number; workbookLimit: number; folder?: string | undefined },
): Promise<Spooled> {
  const file = path.join(folder, `jinbao-import-${randomUUID()}`)
  const hash = createHash('sha256')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  let encoding: Spooled['encoding'] = 'utf-8'
  let form: Spooled['form'] = 'csv'

  async function* measured(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      if (bytes === 0 && chunk.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) form = 'xlsx'
      bytes += chunk.length
      if (bytes > (form === 'xlsx' ? workbookLimit : limit)) throw refusal('BODY_TOO_LARGE')
      hash.update(chunk)
      if (form === 'csv' && encoding === 'utf-8' && !decodes(utf8, chunk)) encoding = 'gb18030'
      yield chunk
    }
  }
  const remove = () => fs.promises.rm(file, { force: true })
  // Made before anything can fail, so that removing it is never too early.
  const handle = await fs.promises.open(file, 'wx', 0o600)
  try {
    await pipeline(upload, measured, handle.createWriteStream())
    if (form === 'csv' && encoding === 'utf-8' && !decodes(utf8)) encoding = 'gb18030'
  } catch (error) {
    await remove()
    throw error
  }
  return { file, bytes, digest: hash.digest('hex'), form, encoding, remove }
}

function decodes(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined })
    return true
  } catch {
    return false
  }
}
