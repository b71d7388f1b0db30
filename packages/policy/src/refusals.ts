import { defineRefusals } from '@jinbao/core'

export const policyRefusals = defineRefusals('jinbao', {
  POLICY_PARAM_MISSING: {
    rule: 'G-05',
    source: '参数缺失不得按零处理',
    zh: '{place} 在 {day} 没有政策参数 {key}（{title}）',
    en: 'no policy value {key} ({title}) for {place} on {day}, known by {knownAt}',
  },
  POLICY_WORD_UNKNOWN: {
    rule: 'G-04',
    source: '政策参数所选方案须为系统已实现的方案',
    zh: '{place} 的政策参数 {key} 选择了 {word}，可用：{allowed}',
    en: '{place} chose {word} for {key}; this calculation knows {allowed}',
  },
  POLICY_INVALID: {
    rule: 'G-04',
    source: '政策参数须有期间、来源和标记',
    zh: '政策文件有 {count} 处错误：{first}',
    en: 'the policy folder has {count} errors; the first: {first}',
  },
  PLACE_UNKNOWN: {
    code: 'INVALID_ARGUMENT',
    rule: 'RG-01',
    source: 'GB/T 2260',
    zh: '没有地区 {place} 的政策',
    en: 'there is no policy for place {place}',
  },
})

export const refuse: typeof policyRefusals.refuse = policyRefusals.refuse
