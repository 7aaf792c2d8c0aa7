import { type Text, text } from '../../core/network/text.ts'

const texts = {
  file: text('File', '파일'),
  newNetwork: text('New Network', '새 네트워크'),
  open: text('Open…', '열기…'),
  save: text('Save', '저장'),
  saveAs: text('Save As…', '다른 이름으로 저장…'),
  importModel: text('Bring in a Model of Another Program…', '다른 프로그램의 모델 가져오기…'),
  weights: text('Take Weights of a File…', '가중치 불러오기…'),
  quit: text('Quit', '종료'),
  edit: text('Edit', '편집'),
  undo: text('Undo', '실행 취소'),
  redo: text('Redo', '다시 실행'),
  cut: text('Cut', '잘라내기'),
  copy: text('Copy', '복사'),
  paste: text('Paste', '붙여넣기'),
  selectAll: text('Select All', '모두 선택'),
  view: text('View', '보기'),
  gallery: text('Gallery', '갤러리'),
  zoomIn: text('Zoom In', '확대'),
  zoomOut: text('Zoom Out', '축소'),
  actualSize: text('Actual Size', '실제 크기'),
  fullScreen: text('Full Screen', '전체 화면'),
  developerTools: text('Developer Tools', '개발자 도구'),
  run: text('Run', '실행'),
  train: text('Train', '학습 시작'),
  stop: text('Stop', '학습 중지'),
  networkFiles: text('Layerloom networks', 'Layerloom 네트워크'),
  allFiles: text('All files', '모든 파일'),
  chooseFolder: text('Choose a data folder', '데이터 폴더 선택'),
  tables: text('Tables (CSV)', '표 (CSV)'),
  arrays: text('NumPy arrays', 'NumPy 배열'),
  archives: text('Archives of images', '이미지 압축 파일'),
  leave: text(
    'This network has changes that are not saved. Close it anyway?',
    '저장하지 않은 변경 사항이 있습니다. 그래도 닫으시겠습니까?',
  ),
  leaveYes: text('Close Without Saving', '저장하지 않고 닫기'),
  leaveNo: text('Keep Editing', '계속 편집'),
  crashed: text(
    'The window keeps stopping unexpectedly. Runs go on in the background.',
    '창이 반복해서 예기치 않게 중단되었습니다. 학습은 백그라운드에서 계속됩니다.',
  ),
  reload: text('Reload', '다시 불러오기'),
} satisfies Record<string, Text>

/** Every sentence of the shell itself, in one language. */
export type ShellText = Readonly<Record<keyof typeof texts, string>>

/** The shell's sentences for a locale such as `ko-KR`: Korean for Korean, else English. */
export function shellText(locale: string): ShellText {
  const language = locale.toLowerCase().startsWith('ko') ? 'ko' : 'en'
  const entries = Object.entries(texts).map(([key, both]) => [key, both[language]])
  return Object.fromEntries(entries) as ShellText
}
