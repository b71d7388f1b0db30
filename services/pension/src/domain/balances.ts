import { AccountPart, type Balances } from '@jinbao/proto/pension/v1/events.ts'

/** The parts of the account in the order they are shared in. */
export const PARTS = [
  AccountPart.PRE98_OWN,
  AccountPart.PRE98_EMPLOYER,
  AccountPart.FROM98,
  AccountPart.TEMPORARY,
] as const

/** Fen of each part, in the order of PARTS. */
export type Parts = readonly bigint[]

export const noParts: Parts = [0n, 0n, 0n, 0n]

export const partIndex = (part: AccountPart): number => Math.max(0, (PARTS as readonly AccountPart[]).indexOf(part))

export const partsOf = (balances: Balances | undefined): Parts =>
  balances ? [balances.pre98OwnFen, balances.pre98EmployerFen, balances.from98Fen, balances.temporaryFen] : noParts

export const balancesOf = ([
  pre98OwnFen = 0n,
  pre98EmployerFen = 0n,
  from98Fen = 0n,
  temporaryFen = 0n,
]: Parts): Balances => ({
  pre98OwnFen,
  pre98EmployerFen,
  from98Fen,
  temporaryFen,
})

export const addParts = (a: Parts, b: Parts): Parts => a.map((fen, i) => fen + (b[i] ?? 0n))
export const subParts = (a: Parts, b: Parts): Parts => a.map((fen, i) => fen - (b[i] ?? 0n))
export const totalOf = (parts: Parts): bigint => parts.reduce((sum, fen) => sum + fen, 0n)
export const onlyPart = (part: AccountPart, fen: bigint): Parts => PARTS.map((one) => (one === part ? fen : 0n))
