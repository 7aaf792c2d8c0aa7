/** Room between columns of layers: a wire writes a shape of ten letters (64×112×112) there, from further away too. */
export const COLUMN_GAP = 90
