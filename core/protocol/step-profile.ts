import { z } from 'zod'
import { type Text, text } from '../network/text.ts'

/** How the training steps of a session are computed and, where a faster way was not taken, why: a code with its figures. */
export const stepProfile = z.discriminatedUnion('code', [
  /** The kernels over blocks of so many channels. */
  z.object({ code: z.literal('blocked'), lanes: z.int() }),
  /** Standard operators, since: the network is too deep to check; the machine has no kernels over blocks. */
  z.object({ code: z.literal('too-deep') }),
  z.object({ code: z.literal('no-kernels') }),
  /** The network would gain nothing by blocks, or has nothing that they could hold. */
  z.object({ code: z.literal('no-gain') }),
  z.object({ code: z.literal('nothing-to-block') }),
  /** A checked step differed: its loss; a weight, by that part of its own length; or channels that only fill up. */
  z.object({ code: z.literal('loss-differs'), step: z.int(), got: z.string(), wanted: z.string() }),
  z.object({ code: z.literal('weight-differs'), weight: z.string(), part: z.string() }),
  z.object({ code: z.literal('filling-differs') }),
  /** Milliseconds that a step took in blocks, and without. */
  z.object({ code: z.literal('slower'), took: z.string(), usual: z.string() }),
  /** The runtime's own words. */
  z.object({ code: z.literal('failed'), message: z.string() }),
])
export type StepProfile = z.infer<typeof stepProfile>

/** How training steps are computed, in a few words for people. */
export function profileText(profile: StepProfile): Text {
  if (profile.code === 'blocked') {
    return text(`blocked kernels (${profile.lanes} lanes)`, `블록 커널(${profile.lanes}레인)`)
  }
  const { en, ko } = whyStandard(profile)
  return text(`standard operators (${en})`, `표준 연산자(${ko})`)
}

function whyStandard(profile: Exclude<StepProfile, { code: 'blocked' }>): Text {
  switch (profile.code) {
    case 'too-deep':
      return text(
        'blocks are not tried for a network as deep as this',
        '이렇게 깊은 네트워크에는 블록 커널을 쓰지 않음',
      )
    case 'no-kernels':
      return text('this machine has no blocked kernels', '이 컴퓨터에는 블록 커널이 없음')
    case 'no-gain':
      return text('blocks do not pay in this network', '이 네트워크에는 블록 커널의 이득이 없음')
    case 'nothing-to-block':
      return text('nothing in this network to block', '이 네트워크에는 블록으로 묶을 연산이 없음')
    case 'loss-differs':
      return text(
        `blocked kernels: the loss of checked step ${profile.step} was ${profile.got}, not ${profile.wanted}`,
        `블록 커널 확인 스텝 ${profile.step}의 손실이 ${profile.wanted}이(가) 아니라 ${profile.got}`,
      )
    case 'weight-differs':
      return text(
        `blocked kernels: ${profile.weight} differed by ${profile.part} in a checked step`,
        `블록 커널 확인 스텝에서 ${profile.weight}의 차이가 ${profile.part}`,
      )
    case 'filling-differs':
      return text(
        'blocked kernels: channels that only fill up blocks did not stay 0',
        '블록 커널을 확인할 때 블록을 채우는 채널이 0으로 유지되지 않음',
      )
    case 'slower':
      return text(
        `blocked kernels: a step took ${profile.took} ms, and ${profile.usual} ms on standard operators`,
        `블록 커널은 스텝당 ${profile.took} ms, 표준 연산자는 ${profile.usual} ms`,
      )
    case 'failed':
      return text(`blocked kernels: ${profile.message}`, `블록 커널 오류: ${profile.message}`)
  }
}
