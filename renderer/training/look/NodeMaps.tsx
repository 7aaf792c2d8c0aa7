import { useStore } from '../../state/store.ts'
import { PixelImage } from '../PixelImage.tsx'
import { pictures } from '../pixels.ts'
import './maps.css'

/** Maps that a layer has room for on the canvas. */
const SHOWN = 4
/** Values of a layer without places in a row of its picture. */
const IN_A_ROW = 32

/** What a layer, or the last one of a block, makes of the image that is being tried: its first maps, under its node. */
export function NodeMaps({ id }: { id: string }) {
  const maps = useStore((s) => s.run.onCanvas.maps[id])
  if (!maps) return null
  const { count, height, width, pixels } = maps
  if (height === 1) {
    // maps of a single place are values side by side as well
    const values = width === 1 ? count : width
    const columns = Math.min(values, IN_A_ROW)
    const padded = new Uint8Array(Math.ceil(values / columns) * columns)
    padded.set(pixels.subarray(0, values))
    return (
      <div className="node-maps" data-flat aria-hidden="true">
        <PixelImage pixels={padded} shape={[1, padded.length / columns, columns]} label="" />
      </div>
    )
  }
  return (
    <div className="node-maps" aria-hidden="true">
      {pictures(pixels, Math.min(count, SHOWN), height * width).map((map) => (
        <PixelImage key={map.place} pixels={map.pixels} shape={[1, height, width]} label="" />
      ))}
    </div>
  )
}
