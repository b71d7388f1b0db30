import { log } from '@jinbao/telemetry'

const FIRST_MS = 5_000

/**
 * Does something soon after the start and then every so many minutes (0: never); a run that is still going on is not
 * joined by a second one. The returned function ends it and waits for the run at hand.
 */
export function everyMinutes(minutes: number, work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | undefined
  const tick = () => {
    running ??= work()
      .then(
        () => undefined,
        (error: unknown) => log.error({ err: error }, 'due work failed; it is tried again'),
      )
      .finally(() => {
        running = undefined
      })
  }
  const timers = minutes === 0 ? [] : [setTimeout(tick, FIRST_MS), setInterval(tick, minutes * 60_000)]
  for (const timer of timers) timer.unref()
  return async () => {
    for (const timer of timers) clearTimeout(timer)
    await running
  }
}
