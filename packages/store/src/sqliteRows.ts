import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StoredEvent } from './port.ts'

const COLUMNS = 'position, stream, version, id, type, data, meta, recorded_at'

type EventRow = [number, string, number, string, string, string, string, string]

export type Statements = ReturnType<typeof prepareAll>

export function prepareAll(database: DatabaseSync) {
  const prepare = (sql: string) => {
    const statement = database.prepare(sql)
    statement.setReturnArrays(true)
    return statement
  }
  const ofStream = `SELECT ${COLUMNS} FROM events WHERE stream = ? AND version >= ? ORDER BY version`
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    insert: prepare(`INSERT INTO events (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
    forwards: prepare(`${ofStream} LIMIT ?`),
    backwards: prepare(`${ofStream} DESC LIMIT ?`),
    all: prepare(`SELECT ${COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?`),
    last: prepare('SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1'),
    version: prepare('SELECT MAX(version) FROM events WHERE stream = ?'),
    ids: prepare('SELECT id, position FROM events WHERE stream = ? AND version >= ? ORDER BY version LIMIT ?'),
  }
}

export const rows = (statement: StatementSync, ...values: (string | number | bigint)[]): StoredEvent[] =>
  (statement.all(...values) as unknown as EventRow[]).map(
    ([position, stream, version, id, type, data, meta, recordedAt]) => ({
      position: BigInt(position),
      stream,
      version,
      id,
      type,
      data,
      meta: JSON.parse(meta) as Record<string, string>,
      recordedAt,
    }),
  )
