// Words that names are made of. A surname stands as often as people bear it, roughly.
const often = (text: string, times: number): string[] => Array.from({ length: times }, () => text.split('')).flat()

export const surnames: readonly string[] = [
  ...often('王李张刘陈', 14),
  ...often('杨黄赵吴周徐孙马朱胡', 6),
  ...often('郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董', 3),
  ...often('潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史贺毛', 1),
  '欧阳',
  '司马',
]

export const givenNames = {
  male: '伟强磊军勇杰涛明超辉刚平亮健峰鹏飞龙宇浩凯俊波斌晨阳博文志国建华永海东林子轩天成'.split(''),
  female: '芳娜敏静丽艳娟霞秀玲燕红梅丹萍莉婷雪慧颖琳倩欣怡佳悦雨涵思梦洁云兰英桂珍淑凤月'.split(''),
}

export interface Industry {
  /** GB/T 4754 section and division. */
  readonly code: string
  readonly word: string
  /** Work-injury risk class (人社部发〔2015〕71号). */
  readonly riskClass: number
}

export const industries: readonly Industry[] = [
  { code: 'I65', word: '软件技术', riskClass: 1 },
  { code: 'J66', word: '金融服务', riskClass: 1 },
  { code: 'F51', word: '商贸', riskClass: 2 },
  { code: 'F52', word: '百货', riskClass: 2 },
  { code: 'H61', word: '酒店管理', riskClass: 2 },
  { code: 'L72', word: '商务服务', riskClass: 2 },
  { code: 'C13', word: '食品', riskClass: 3 },
  { code: 'C39', word: '电子', riskClass: 3 },
  { code: 'C27', word: '制药', riskClass: 4 },
  { code: 'C34', word: '机械制造', riskClass: 4 },
  { code: 'A03', word: '牧业', riskClass: 4 },
  { code: 'G54', word: '道路运输', riskClass: 5 },
  { code: 'E50', word: '装饰工程', riskClass: 5 },
  { code: 'E47', word: '建筑工程', riskClass: 6 },
  { code: 'C26', word: '化工', riskClass: 6 },
  { code: 'B07', word: '石油', riskClass: 7 },
  { code: 'B09', word: '有色矿业', riskClass: 8 },
]

/** First and second sign of a company's own name. */
export const brands = ['华金瑞恒天盛宏泰德润新益同嘉安', '达通源和信丰隆茂康兴远利平顺成'].map((signs) =>
  signs.split(''),
)
