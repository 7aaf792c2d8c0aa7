/** Width and height of a code's picture. */
export const CODE_WIDTH = 7
export const CODE_HEIGHT = 12
export const CODE_SIZE = CODE_WIDTH * CODE_HEIGHT

/**
 * Stylized digits of 7 x 12, as LeNet-5 uses for its output codes: digits that look alike have codes that lie close,
 * so that what the network confuses is told by its distances. The paper's own pictures are of the same kind.
 */
const DIGITS = `
..###.. ...##.. .#####. .#####. ....##. ####### ..####. ####### .#####. .#####.
.#...#. ..###.. #.....# #.....# ...###. #...... .#..... ......# #.....# #.....#
#.....# .#.##.. ......# ......# ..#.##. #...... #...... .....#. #.....# #.....#
#.....# ...##.. ......# ......# .#..##. #...... #...... .....#. #.....# #.....#
#.....# ...##.. .....#. .....#. #...##. #.####. #.###.. ....#.. .#...#. #.....#
#.....# ...##.. ....#.. ..###.. #...##. ##....# ##...#. ....#.. ..###.. .######
#.....# ...##.. ...#... .....#. ####### ......# #.....# ...#... .#...#. ......#
#.....# ...##.. ..#.... ......# ....##. ......# #.....# ...#... #.....# ......#
#.....# ...##.. .#..... ......# ....##. ......# #.....# ..#.... #.....# ......#
#.....# ...##.. #...... #.....# ....##. #.....# #.....# ..#.... #.....# .....#.
.#...#. .###### #...... #.....# ....##. .#...#. .#...#. ..#.... #.....# ....#..
..###.. .###### ####### .#####. ....##. ..###.. ..###.. ..#.... .#####. .###...
`

const pictures = DIGITS.trim()
  .split('\n')
  .map((line) => line.split(' '))

/**
 * Codes of +1 (ink) and -1 for `classes` classes, one row of 84 a class: the digits, then fixed pseudo-random codes,
 * which lie about 42 places apart from one another.
 */
export function rbfCodes(classes: number): number[] {
  const values: number[] = []
  for (let c = 0; c < classes; c++) {
    if (c < 10) for (const line of pictures) for (const dot of line[c]!) values.push(dot === '#' ? 1 : -1)
    else for (let i = 0; i < CODE_SIZE; i++) values.push(scramble(c * CODE_SIZE + i) & 1 ? 1 : -1)
  }
  return values
}

/** A fixed hash of a whole number to 32 bits (the finalizer of MurmurHash3). */
function scramble(n: number): number {
  let h = n | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
