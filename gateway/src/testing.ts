// A gateway with tokens and a small service of the real protos behind it, for tests here and benches elsewhere.
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { EmploymentServiceService, RelationStatus } from '@jinbao/proto/employment/v1/employment.ts'
import { RelationKind } from '@jinbao/proto/employment/v1/events.ts'
import { OperationsServiceService } from '@jinbao/proto/operations/v1/operations.ts'
import { type Call, type Handlers, inProcessTransport, type Role, served } from '@jinbao/rpc'
import { tokenVerifier } from '@jinbao/rpc/tokens.ts'
import type { FastifyInstance } from 'fastify'
import { type DevIssuer, devIssuer } from './devIssuer.ts'
import { type Gateway, openGateway } from './gateway.ts'
import type { GatewayOptions } from './options.ts'

export const image = fs.readFileSync(fileURLToPath(import.meta.resolve('@jinbao/proto/image.binpb')))

type Employment = Handlers<typeof EmploymentServiceService>
type Operations = Handlers<typeof OperationsServiceService>

const receipt = { id: 'r1', version: 1n, position: 'employment:7' }
const relation = {
  relationId: 'r1',
  personId: 'p1',
  employerId: 'e1',
  from: '2026-01-01',
  to: '',
  kind: RelationKind.FIXED_TERM,
  main: true,
  wageFen: 540_000n,
  status: RelationStatus.ACTIVE,
  endReason: '',
  involuntary: false,
}
const answered = async () => ({ receipt, relation })
const nothing = async (): Promise<never> => {
  throw new Error('not part of this test')
}

export const employment: Employment = {
  fileHire: async () => ({ receipt, relationId: 'r1', enrolBy: '2026-01-31' }),
  fileTermination: answered,
  changeTerms: answered,
  suspendRelation: answered,
  resumeRelation: answered,
  voidRelation: answered,
  recordProtection: answered,
  listRelations: async () => ({ relations: [relation] }),
  listStaff: async () => ({ relations: [relation], nextPageToken: 'next' }),
}
const operations: Operations = {
  listStreamEvents: nothing,
  listFeed: async () => ({ events: [] }),
  listParked: async () => ({ parked: [] }),
  replayParked: async () => ({ replayed: true }),
  runDue: async () => ({ done: { interest: 3n }, refused: {} }),
  getPositions: async () => ({ head: '7', views: { relations: '7' }, reactions: {} }),
  rebuildViews: nothing,
  listTouched: nothing,
}

export interface World {
  readonly gateway: Gateway
  readonly app: FastifyInstance
  readonly issuer: DevIssuer
  readonly seen: { readonly path: string; readonly request: unknown; readonly call: Call }[]
  bearer(...roles: Role[]): Promise<{ authorization: string }>
  close(): Promise<void>
}

/** Handlers may be replaced one by one; every call is remembered. */
export async function openWorld(
  handlers: Partial<Employment> = {},
  options: Partial<GatewayOptions> = {},
  remember = true,
): Promise<World> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-gateway-'))
  const issuer = await devIssuer({ folder, ...(options.clock ? { clock: options.clock } : {}) })
  const seen: World['seen'] = []
  const transport = inProcessTransport({
    services: [
      served(EmploymentServiceService, { ...employment, ...handlers }),
      served(OperationsServiceService, operations),
    ],
  })
  const watched: typeof transport = {
    close: () => transport.close(),
    unary(rpc, bytes, call) {
      const [name] = Object.entries({ ...EmploymentServiceService, ...OperationsServiceService }).filter(
        ([, method]) => method.path === rpc,
      )
      seen.push({ path: rpc, request: name?.[1].requestDeserialize(Buffer.from(bytes)), call })
      return transport.unary(rpc, bytes, call)
    },
  }
  const trust = { issuers: [issuer.trust()], ...(options.clock ? { clock: options.clock } : {}) }
  const gateway = await openGateway({
    transport: (service) => (service === 'employment' ? (remember ? watched : transport) : undefined),
    image,
    authenticate: tokenVerifier(trust),
    issuer,
    ...options,
  })
  return {
    gateway,
    app: gateway.app,
    issuer,
    seen,
    bearer: async (...roles) => ({ authorization: `Bearer ${await issuer.mint({ subject: 'u1', roles })}` }),
    async close() {
      await gateway.close()
      fs.rmSync(folder, { recursive: true })
    },
  }
}

export const hire = {
  personId: 'p1',
  employerId: 'e1',
  from: '2026-01-01',
  kind: 'FIXED_TERM',
  main: true,
  wageFen: '540000',
}
export const HIRE = '/v1/employment/relations'
