import { platformProblem } from './status.ts'

export interface TimeBox {
  /** Aborts, with the Problem as its reason, when the deadline passes or the caller cancels. */
  readonly signal: AbortSignal
  /** Rejects with that Problem; never resolves. */
  readonly over: Promise<never>
  /** Releases the timer and the listener; the call has been answered. */
  close(): void
}

export function timeBox(deadline: number, caller: AbortSignal): TimeBox {
  const controller = new AbortController()
  const { promise: over, reject } = Promise.withResolvers<never>()
  over.catch(() => undefined) // whoever races it hears it; nobody racing is no unhandled rejection
  const end = (code: 'DEADLINE_EXCEEDED' | 'CANCELLED') => {
    close()
    const problem = platformProblem(code)
    controller.abort(problem)
    reject(problem)
  }
  const cancelled = () => end(Date.now() >= deadline ? 'DEADLINE_EXCEEDED' : 'CANCELLED')
  const timer = setTimeout(end, Math.max(0, deadline - Date.now()), 'DEADLINE_EXCEEDED')
  const close = () => {
    clearTimeout(timer)
    caller.removeEventListener('abort', cancelled)
  }
  if (caller.aborted || deadline <= Date.now()) cancelled()
  else caller.addEventListener('abort', cancelled, { once: true })
  return { signal: controller.signal, over, close }
}
