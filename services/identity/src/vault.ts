// A key for each person, wrapped by the region's key, in a file of its own: not in the event store, so that destroying a
// key makes the person unreadable everywhere, backups of the events included.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

export interface KeyVault {
  /** The person's key; made when there is none. Nothing when it was destroyed. Durable before it answers. */
  create(personId: string): Promise<Buffer | undefined>
  /** The person's key; nothing when there is none or it was destroyed. */
  get(personId: string): Promise<Buffer | undefined>
  /** Destroys the key for good: it will not be made again. */
  destroy(personId: string): Promise<void>
  close(): void
}

const KEY_BYTES = 32

interface Row {
  wrapped: Uint8Array | null
}

export function sqliteVault(file: string, wrapKey: Buffer): KeyVault {
  const db = new DatabaseSync(file)
  // secure_delete overwrites what is destroyed; FULL because a key must outlive the event sealed with it.
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS keys (person_id TEXT PRIMARY KEY, wrapped BLOB) WITHOUT ROWID`)
  const find = db.prepare('SELECT wrapped FROM keys WHERE person_id = ?')
  const put = db.prepare('INSERT OR IGNORE INTO keys VALUES (?, ?)')
  const erase = db.prepare('INSERT INTO keys VALUES (?, NULL) ON CONFLICT (person_id) DO UPDATE SET wrapped = NULL')
  const rowOf = (personId: string) => find.get(personId) as Row | undefined
  const keyOf = (personId: string, row: Row | undefined) =>
    row?.wrapped ? open(wrapKey, row.wrapped, personId) : undefined

  let pending: { personId: string; done: () => void; failed: (error: unknown) => void }[] = []
  /** Keys made in one turn of the loop become durable together. */
  const flush = () => {
    const batch = pending
    pending = []
    try {
      db.exec('BEGIN IMMEDIATE')
      for (const { personId } of batch) put.run(personId, seal(wrapKey, randomBytes(KEY_BYTES), personId))
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      for (const { failed } of batch) failed(error)
      return
    }
    for (const { done } of batch) done()
  }
  return {
    async create(personId) {
      if (!rowOf(personId))
        await new Promise<void>((done, failed) => {
          if (pending.push({ personId, done, failed }) === 1) setImmediate(flush)
        })
      return keyOf(personId, rowOf(personId))
    },
    async get(personId) {
      return keyOf(personId, rowOf(personId))
    },
    async destroy(personId) {
      if (rowOf(personId)?.wrapped === null) return
      erase.run(personId)
      // The old page must not live on in the write-ahead log.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
    close: () => db.close(),
  }
}

// --- AES-256-GCM: version 1 | nonce 12 | tag 16 | text ---------------------------------------------------------------

const VERSION = 1

/** `context` is bound to the text: sealed bytes of another person or section do not open. */
export function seal(key: Buffer, text: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body])
}

/** Throws when a bit was changed, or key or context are others. */
export function open(key: Buffer, sealed: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed)
  if (bytes[0] !== VERSION) throw new Error(`sealed by version ${bytes[0]}, which this program does not know`)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13), { authTagLength: 16 })
  decipher.setAuthTag(bytes.subarray(13, 29)).setAAD(Buffer.from(context))
  return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()])
}
