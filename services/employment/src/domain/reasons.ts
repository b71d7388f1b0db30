// Reasons for which a labour relation ends (other-lines §2.1), and whether it was against the worker's will: the second
// of the three conditions of unemployment benefit (SIL art. 45; R13 art. 13).

export interface EndReason {
  readonly involuntary: boolean
  readonly source: string
  readonly zh: string
  readonly en: string
}

const reason = (involuntary: boolean, source: string, zh: string, en: string): EndReason => ({
  involuntary,
  source,
  zh,
  en,
})

export const endReasons = {
  T01: reason(true, 'LCL art. 44(1)', '合同期满（劳动者未拒绝维持或提高条件的续订）', 'the fixed term ran out'),
  T02: reason(true, 'LCL art. 44(4)', '用人单位被依法宣告破产', 'the employer is bankrupt'),
  T03: reason(
    true,
    'LCL art. 44(5)',
    '用人单位被吊销执照、关闭、撤销或解散',
    'the employer lost its licence or was dissolved',
  ),
  T04: reason(true, 'LCL art. 36', '用人单位提出、协商一致解除', 'agreement that the employer proposed'),
  T05: reason(true, 'LCL art. 39', '用人单位即时解除', 'summary dismissal'),
  T06: reason(true, 'LCL art. 40', '提前三十日通知或支付代通知金解除', 'dismissal with notice or pay in lieu'),
  T07: reason(true, 'LCL art. 41', '经济性裁员', 'mass lay-off'),
  T08: reason(true, 'R13 art. 13', '被用人单位辞退、除名、开除', 'dismissed or expelled by a public unit'),
  T09: reason(true, 'LCL art. 38', '因用人单位过错由劳动者解除', "resignation for the employer's fault"),
  T10: reason(false, 'LCL art. 37', '劳动者本人辞职', 'ordinary resignation'),
  T11: reason(false, 'LCL art. 36', '劳动者提出、协商一致解除', 'agreement that the worker proposed'),
  T12: reason(false, 'LCL art. 44(2)', '退休，享受基本养老保险待遇', 'retirement'),
  T13: reason(false, 'LCL art. 44(3)', '劳动者死亡、宣告失踪或死亡', 'death, or declared missing or dead'),
  T14: reason(
    false,
    'LCL arts. 44(1), 46(5)',
    '同等或更好条件下劳动者拒绝续订',
    'the worker refused renewal on the same or better terms',
  ),
} as const satisfies Readonly<Record<string, EndReason>>

export type EndReasonCode = keyof typeof endReasons

export const isEndReason = (code: string): code is EndReasonCode => code in endReasons
