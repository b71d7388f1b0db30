// A thin door to node:sqlite: statements are prepared once, integers are bigint (money must not pass through doubles).
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

export type Row = Record<string, SQLInputValue>

/** Reading only: what handlers and reactions see. */
export interface ReadDb {
  /** Integers come back as bigint. */
  get<T = Row>(sql: string, ...values: SQLInputValue[]): T | undefined
  all<T = Row>(sql: string, ...values: SQLInputValue[]): T[]
}

export interface Db extends ReadDb {
  run(sql: string, ...values: SQLInputValue[]): void
}

export interface OpenDb extends Db {
  exec(sql: string): void
  /** Runs synchronous work in one transaction. */
  transaction<T>(work: () => T): T
  close(): void
}

export function openDb(file: string): OpenDb {
  const database = new DatabaseSync(file)
  // What is kept here can be made again from the events, so a power cut may cost its last moments.
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000',
  )
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string) => {
    let statement = statements.get(sql)
    if (!statement) {
      statement = database.prepare(sql)
      statement.setReadBigInts(true)
      statements.set(sql, statement)
    }
    return statement
  }
  return {
    get: <T>(sql: string, ...values: SQLInputValue[]) => prepared(sql).get(...values) as T | undefined,
    all: <T>(sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values) as T[],
    run: (sql, ...values) => void prepared(sql).run(...values),
    exec(sql) {
      statements.clear()
      database.exec(sql)
    },
    transaction(work) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        database.exec('COMMIT')
        return result
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    close: () => database.close(),
  }
}
