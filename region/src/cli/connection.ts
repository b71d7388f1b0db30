// Where the region is and who is asking.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { type Client, connect } from '@jinbao/client'
import { type DevIssuer, devIssuer } from '@jinbao/gateway/devIssuer.ts'
import type { Role } from '@jinbao/rpc'
import type { Io } from './output.ts'

/** Options that every verb takes. */
export interface Globals {
  readonly url: string
  readonly token?: string
  readonly place: string
  readonly data?: string
  readonly as?: string
  readonly purpose: string
  readonly json?: boolean
}

/** Something is wrong with the command itself: exit code 2. */
export class Usage extends Error {}

export const roles = [
  'citizen',
  'employer',
  'officer',
  'reviewer',
  'supervisor',
  'integrator',
  'operator',
] as const satisfies readonly Role[]

export const dataFolder = ({ data, place }: Pick<Globals, 'data' | 'place'>): string => data ?? path.join('data', place)

export const isRole = (word: string): word is (typeof roles)[number] => (roles as readonly string[]).includes(word)

/** The development issuer of a data folder that is there already; a slip in its name must make no new one. */
export async function localIssuer(globals: Globals): Promise<DevIssuer> {
  const folder = dataFolder(globals)
  if (!fs.existsSync(path.join(folder, 'development-issuer.json')))
    throw new Usage(`no token: give --token or JINBAO_TOKEN, or run where ${folder} is (see --data and --place)`)
  return devIssuer({ folder })
}

export interface Asked {
  readonly globals: Globals
  readonly io: Io
  /** Speaks to the region; a token minted here carries these roles unless --as names another one. */
  client(...wanted: Role[]): Client
  /** JSON for programs, else the text for people. */
  say(value: unknown, text: () => string): void
}

export function asked(globals: Globals, io: Io, env: NodeJS.ProcessEnv = process.env): Asked {
  const given = globals.token ?? env.JINBAO_TOKEN
  const mint = async (wanted: readonly Role[]) => {
    const { as } = globals
    if (as !== undefined && !isRole(as)) throw new Usage(`--as is one of ${roles.join(', ')}`)
    const grant = as === undefined ? wanted : [as]
    return (await localIssuer(globals)).mint({ subject: `cli-${grant[0]}`, roles: grant, ttlSeconds: 3_600 })
  }
  return {
    globals,
    io,
    client(...wanted) {
      let minted: Promise<string> | undefined
      const token = given ?? (() => (minted ??= mint(wanted)))
      return connect({ url: globals.url, token, purpose: globals.purpose })
    },
    say: (value, text) => io.write(globals.json ? `${JSON.stringify(value, undefined, 2)}\n` : text()),
  }
}
