import type { Issue } from '../network/issue.ts'
import { text } from '../network/text.ts'

/** An error when the channels do not fall into that many groups of one size. */
export const dividesChannels = (groups: number, channels: number): Omit<Issue, 'layer'>[] =>
  channels % groups === 0
    ? []
    : [
        {
          severity: 'error',
          code: 'groups-do-not-divide',
          param: 'groups',
          message: text(
            `${groups} groups do not divide the ${channels} channels evenly.`,
            `채널 ${channels}개를 그룹 ${groups}개로 똑같이 나눌 수 없습니다.`,
          ),
          fix: text(`Choose a divisor of ${channels}.`, `${channels}의 약수를 선택해 주세요.`),
        },
      ]
