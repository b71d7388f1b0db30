// The far half of the bare pair: grpc-js that answers a call with its bytes.
import * as grpc from '@grpc/grpc-js'

const same = (bytes: Buffer) => bytes
const server = new grpc.Server()
server.addService(
  {
    echo: {
      path: '/bench.Echo/Echo',
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    },
  },
  {
    echo: (call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => done(null, call.request),
  },
)
const port = await new Promise<number>((resolve, reject) =>
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  ),
)
console.log(JSON.stringify({ url: `127.0.0.1:${port}` }))
process.once('SIGTERM', () => server.forceShutdown())
