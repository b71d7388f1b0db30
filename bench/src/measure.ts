// Two ways of doing the same thing, in turn in one run, so that a machine whose speed drifts hits both alike.
export interface Measured {
  /** Units a second, median of the rounds. */
  readonly ours: number
  readonly theirs: number
  /** Median of the rounds' own ratios. */
  readonly ratio: number
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** Runs `work` and answers units a second. */
export async function rate(units: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (units / (performance.now() - started)) * 1_000
}

export async function sideBySide(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Measured> {
  await ours()
  await theirs()
  const pairs: [number, number][] = []
  for (let round = 0; round < rounds; round++) {
    // Whoever goes first changes with every round.
    if (round % 2 === 0) pairs.push([await ours(), await theirs()])
    else {
      const second = await theirs()
      pairs.push([await ours(), second])
    }
  }
  return {
    ours: median(pairs.map(([a]) => a)),
    theirs: median(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a / b)),
  }
}

export interface Row {
  readonly what: string
  readonly ours: string
  readonly beside: string
  readonly result: string
  readonly goal: string
  readonly met: boolean
}

export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`

export function ratioRow(what: string, beside: string, measured: Measured, goal: number): Row {
  return {
    what,
    ours: perSecond(measured.ours),
    beside: `${beside}: ${perSecond(measured.theirs)}`,
    result: `${measured.ratio.toFixed(2)} ×`,
    goal: `≥ ${goal} ×`,
    met: measured.ratio >= goal,
  }
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) =>
      `| ${row.what} | ${row.ours} | ${row.beside} | ${row.result} | ${row.goal} | ${row.met ? 'met' : 'MISSED'} |`,
  )
  return ['| what | jinbao | beside it | result | goal | |', '|---|---|---|---|---|---|', ...lines].join('\n')
}
