// Writes one step as a formula with its numbers; steps without a name of their own are written out inside it.
import type { Step } from './explanation.ts'
import { amountText, comparisons, type Language, numberText, roundingText } from './readable-words.ts'

/** Binding strength: what binds weaker than its surroundings stands in brackets. */
const SUM = 1
const PRODUCT = 2
const ATOM = 3

interface Text {
  readonly text: string
  readonly binds: number
}

export interface Formula {
  readonly text: string
  /** The named steps whose numbers stand in the formula, in order. */
  readonly uses: readonly Step[]
}

export function formulaOf(root: Step, steps: ReadonlyMap<string, Step>, language: Language): Formula {
  const zh = language === 'zh'
  const uses = new Map<string, Step>()
  const stepOf = (id: string): Step => {
    const step = steps.get(id)
    if (!step) throw new RangeError(`no step ${id}`)
    return step
  }
  const inside = (id: string, strength: number): string => {
    const { text, binds } = operand(stepOf(id))
    return binds < strength ? (zh ? `（${text}）` : `(${text})`) : text
  }
  const list = (args: readonly string[]) => args.map((id) => inside(id, SUM)).join(zh ? '、' : ', ')
  const joined = (args: readonly string[], sign: string, binds: number, last = binds): Text => ({
    text: args.map((id, i) => inside(id, i === args.length - 1 ? last : binds)).join(` ${sign} `),
    binds,
  })

  function operand(step: Step): Text {
    if (step.zh === undefined && step.op !== 'policy') return written(step)
    uses.set(step.id, step)
    return { text: numberText(step, language), binds: ATOM }
  }

  function written(step: Step): Text {
    const { op, args } = step
    const [a = '', b = '', c = ''] = args
    switch (op) {
      case 'add':
      case 'sum':
        return args.length ? joined(args, '+', SUM) : { text: '0', binds: ATOM }
      case 'sub':
        return joined(args, '−', SUM, PRODUCT)
      case 'mul':
        return joined(args, '×', PRODUCT)
      case 'div':
        return joined(args, '÷', PRODUCT, ATOM)
      case 'min':
        return { text: zh ? `${list(args)} 中较小者` : `the lesser of ${list(args)}`, binds: 0 }
      case 'max':
        return { text: zh ? `${list(args)} 中较大者` : `the greater of ${list(args)}`, binds: 0 }
      case 'round': {
        const how = roundingText(step.round ?? { mode: 'HALF_UP', digits: 0 }, step.unit, language)
        return { text: `${inside(a, SUM)}${zh ? '，' : ', '}${how}`, binds: 0 }
      }
      case 'clamp': {
        const [value, floor, ceiling] = [inside(a, SUM), inside(b, SUM), inside(c, SUM)]
        return {
          text: zh
            ? `${value}，不低于 ${floor}、不高于 ${ceiling}`
            : `${value}, at least ${floor} and at most ${ceiling}`,
          binds: 0,
        }
      }
      case 'lookup': {
        const key = step.policy?.key ?? ''
        return { text: zh ? `查表 ${key} 的“${step.row}”行` : `table ${key}, row “${step.row}”`, binds: 0 }
      }
      case 'compare':
        return { text: `${inside(a, SUM)} ${comparisons[step.comparison ?? 'eq']} ${inside(b, SUM)}`, binds: 0 }
      case 'choose':
        return chosen(stepOf(a), b, c)
      case 'allot': {
        const share = Number(step.row ?? 0) + 1
        const weights = args.slice(1).map((id) => inside(id, SUM))
        return {
          text: zh
            ? `${inside(a, SUM)} 按 ${weights.join(' : ')} 分配（最大余数法），第 ${share} 份`
            : `share ${share} of ${inside(a, SUM)} split ${weights.join(' : ')} (largest remainder)`,
          binds: 0,
        }
      }
      default:
        return { text: numberText(step, language), binds: ATOM }
    }
  }

  function chosen(flag: Step, yes: string, no: string): Text {
    const holds = flag.value !== '0'
    const name = (zh ? flag.zh : flag.en) ?? written(flag).text
    const taken = inside(holds ? yes : no, 0)
    if (zh) return { text: `${taken}（因“${name}”${holds ? '成立' : '不成立'}）`, binds: 0 }
    return { text: `${taken} (because “${name}” ${holds ? 'holds' : 'does not hold'})`, binds: 0 }
  }

  return { text: written(root).text, uses: [...uses.values()] }
}

/** `137.30 元 是 …` for the legend under a formula. */
export function legendOf(step: Step, number: number | undefined, language: Language): string {
  const name = (language === 'zh' ? step.zh : step.en) ?? step.policy?.key ?? step.id
  if (language === 'zh') return `${amountText(step, 'zh')}：${name}${number ? `（第 ${number} 步）` : ''}`
  return `${amountText(step, 'en')}: ${name}${number ? ` (step ${number})` : ''}`
}
