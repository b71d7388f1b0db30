import type { Call, Client, Definition, Transport } from './port.ts'

/** Typed client of a definition over any transport. */
export function clientOf<D extends Definition>(definition: D, transport: Transport): Client<D> {
  const client: Record<string, (request: never, call: Call) => Promise<unknown>> = {}
  for (const [name, method] of Object.entries(definition)) {
    client[name] = async (request, call) => {
      const bytes = await transport.unary(method.path, method.requestSerialize(request), call)
      return method.responseDeserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    }
  }
  return client as unknown as Client<D>
}
