// Calls inside one process: the gRPC server's semantics without sockets. Requests and responses travel as bytes, so a
// handler can never share mutable state with its caller; the gateway, which has bytes anyway, pays nothing for it.
import { traceparent } from '@jinbao/telemetry'
import { type DispatchOptions, dispatcher } from './dispatch.ts'
import type { Transport } from './port.ts'

/**
 * Without `authenticate` the call's principal is trusted: whoever made the Call in this process has verified it.
 * With it, the call's token is verified again, exactly as a remote service would.
 */
export function inProcessTransport(options: DispatchOptions): Transport {
  const inner = dispatcher(options)
  return {
    unary(path, request, call) {
      const trace = traceparent() ?? call.traceparent
      return inner.unary(path, request, trace ? { ...call, traceparent: trace } : call)
    },
    close: () => inner.drain(),
  }
}
