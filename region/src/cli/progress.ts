import { Presets, SingleBar } from 'cli-progress'
import type { Io } from './output.ts'

export interface Progress {
  readonly rows: (count: number) => void
  stop(): void
}

/** A bar over so many rows; nothing where nobody looks. */
export function progressOf(io: Io, what: string, total: number): Progress {
  if (!io.interactive) return { rows: () => undefined, stop: () => undefined }
  const format = `${what} {bar} {value}/{total} rows | {eta_formatted}`
  const bar = new SingleBar({ format, hideCursor: true, clearOnComplete: true }, Presets.shades_classic)
  bar.start(total, 0)
  return { rows: (count) => bar.increment(count), stop: () => bar.stop() }
}

/** Lines of a text file, a fair guess for a bar; 0 for a workbook. */
export async function guessRows(file: string): Promise<number> {
  const { createReadStream } = await import('node:fs')
  let lines = 0
  for await (const chunk of createReadStream(file)) {
    if (lines === 0 && (chunk as Buffer).subarray(0, 2).toString() === 'PK') return 0
    for (const byte of chunk as Buffer) if (byte === 10) lines += 1
  }
  return Math.max(0, lines - 1)
}
