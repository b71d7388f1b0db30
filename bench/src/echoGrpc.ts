// The bare thing beside gateway and service: Fastify that sends the body on to a grpc-js echo in another process.
import * as grpc from '@grpc/grpc-js'
import Fastify from 'fastify'
import { start, stop } from './processes.ts'

const far = await start('echoGrpcServer.ts')
const client = new grpc.Client(far.ready.url, grpc.credentials.createInsecure())
const same = (bytes: Buffer) => bytes
const echoed = (body: unknown) =>
  new Promise<unknown>((resolve, reject) =>
    client.makeUnaryRequest(
      '/bench.Echo/Echo',
      same,
      same,
      Buffer.from(JSON.stringify(body)),
      new grpc.Metadata(),
      { deadline: Date.now() + 10_000 },
      (error, bytes) => (error ? reject(error) : resolve(JSON.parse(String(bytes)))),
    ),
  )

const app = Fastify()
app.post('/v1/employment/persons/:person/protections', async (request) => echoed(request.body))
const url = await app.listen({ port: 0, host: '127.0.0.1' })
console.log(JSON.stringify({ url }))
process.once('SIGTERM', async () => {
  await app.close()
  client.close()
  await stop(far)
})
