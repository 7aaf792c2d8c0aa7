import { text } from '../network/text.ts'

/**
 * Whether bytes begin like a file of `torch.save`: a ZIP whose first entry is a pickle, or, before PyTorch 1.6, a pickle.
 * Such files hold a program, which is never run here.
 */
export function isPickle(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  // a safetensors file whose header has, say, 896 bytes begins the same, and goes on with that header's brace
  const header = bytes[7] === 0 && bytes[8] === 0x7b
  if (first === 0x80 && second !== undefined && second >= 2 && second <= 5) return !header
  const begin = String.fromCharCode(...bytes.subarray(0, 200))
  return begin.startsWith('PK') && begin.includes('/data.pkl')
}

/** What to do with such a file. */
export const pickleAdvice = (name: string) =>
  text(
    `${name} is a file of torch.save, which holds a program and no network: in PyTorch export the model with torch.onnx.export, or its weights with safetensors.torch.save_file`,
    `${name}은(는) torch.save로 저장한 파일이어서 네트워크 구조 없이 실행 코드가 들어 있습니다. PyTorch에서 모델은 torch.onnx.export로, 가중치는 safetensors.torch.save_file로 내보내 주세요`,
  )
