// The file behind the SQLite store: opened for one process alone, errors in words, consistent copies.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { Problem } from '@jinbao/core'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    data TEXT NOT NULL, meta TEXT NOT NULL, recorded_at TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS events_stream ON events (stream, version);`

const COPY_ATTEMPTS = 5_000

/**
 * SQLite's own lock is held as long as the database is open and dies with the process. Nothing else of this process
 * may open and close the file: POSIX gives the lock up with any of its handles.
 */
export function openFile(file: string, maxPages?: number): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    // SQLite would open a read-only file, and stumble later.
    if (fs.existsSync(file)) fs.accessSync(file, fs.constants.W_OK)
    database = new DatabaseSync(file)
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
    // Cache and checkpoints as SQLite has them: larger ones gained nothing and held up the loop for longer at a time.
    database.exec('PRAGMA synchronous = FULL')
    if (maxPages) database.exec(`PRAGMA max_page_count = ${maxPages}`)
    database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`)
    return database
  } catch (error) {
    database?.close()
    throw problemOf(error, file)
  }
}

/** A copy that is whole as of one moment while writing goes on; under its name only when it is complete. */
export async function copyFile(database: DatabaseSync, file: string): Promise<void> {
  if (fs.existsSync(file))
    throw new Problem('ALREADY_EXISTS', 'COPY_EXISTS', `${named(file)} exists already; choose another name`)
  const partial = `${file}.partial`
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.rmSync(partial, { force: true })
    await patientBackup(database, partial)
    fs.renameSync(partial, file)
  } catch (error) {
    fs.rmSync(partial, { force: true })
    throw problemOf(error, file)
  }
}

/** SQLite starts no copy amid a transaction; under load that is most of the time. Once begun, it waits by itself. */
async function patientBackup(database: DatabaseSync, file: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await backup(database, file, { rate: 512 })
      return
    } catch (error) {
      // Node reports that state as 0, not an error.
      if ((error as { errcode?: number }).errcode !== 0 || attempt === COPY_ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
}

const named = (file: string) => path.join(path.basename(path.dirname(file)), path.basename(file))

const TEXTS = {
  DATA_FOLDER_IN_USE: 'is open in another process; stop that one or use another data folder',
  STORE_READ_ONLY: 'cannot be written (read-only, or not this user’s); nothing was recorded',
  STORE_FULL: 'has no room left on its disk; nothing was recorded, free some space and try again',
  STORE_IO: 'could not be written to disk; what was not acknowledged may be missing, try again',
  STORE_DAMAGED: 'is damaged; restore it from a backup',
}

/** By SQLite's primary result codes and by what the file system says when a folder cannot be made. */
const REASONS: Readonly<Record<string | number, keyof typeof TEXTS>> = {
  5: 'DATA_FOLDER_IN_USE',
  6: 'DATA_FOLDER_IN_USE',
  8: 'STORE_READ_ONLY',
  10: 'STORE_IO',
  11: 'STORE_DAMAGED',
  13: 'STORE_FULL',
  14: 'STORE_READ_ONLY',
  26: 'STORE_DAMAGED',
  EACCES: 'STORE_READ_ONLY',
  EROFS: 'STORE_READ_ONLY',
  ENOSPC: 'STORE_FULL',
}

/** What an operator can act on as a Problem; anything else as it is. */
export function problemOf(error: unknown, file: string): unknown {
  const { errcode, code } = error as { errcode?: number; code?: string }
  const reason = REASONS[errcode === undefined ? (code ?? '') : errcode & 0xff]
  if (!reason) return error
  const problem = new Problem('UNAVAILABLE', reason, `${named(file)} ${TEXTS[reason]}`)
  problem.cause = error
  return problem
}
