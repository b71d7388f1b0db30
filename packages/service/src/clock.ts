/** The clock of a process; tests and demos set their own. */
export type Clock = () => Temporal.Instant

export const systemClock: Clock = () => Temporal.Now.instant()

/** Civil date in Asia/Shanghai (G-03). */
export function civilDay(now: string): string {
  // +08:00 all year; adding the offset avoids a time-zone look-up on every call.
  return new Date(Date.parse(now) + 8 * 3_600_000).toISOString().slice(0, 10)
}
