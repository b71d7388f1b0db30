// Chance without memory: a number is a hash of the seed, the row and the question, so any row can be made by itself
// and the same seed makes the same population on every machine.

/** 0 ≤ n < below. */
export type Chance = (question: number, below: number) => number

/** Finishing steps of MurmurHash3: every bit of the input stirs every bit of the output. */
function stir(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

export const chanceOf =
  (seed: number, row: number): Chance =>
  (question, below) =>
    stir(stir(stir(seed) ^ row) + Math.imul(question + 1, 0x9e3779b9)) % below

/** A place in a table of quantiles, straight between its steps: ten equal groups of people. */
export function quantile(steps: readonly number[], chance: Chance, question: number): number {
  const groups = steps.length - 1
  const at = chance(question, groups * 1_000)
  const group = Math.trunc(at / 1_000)
  const [low = 0, high = low] = steps.slice(group, group + 2)
  return low + Math.trunc(((high - low) * (at % 1_000)) / 1_000)
}
