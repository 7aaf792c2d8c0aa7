import type { Window } from '../../layers/builder.ts'
import { type Dims, refuse, show, sizeOf } from './primitive.ts'

/** Length of a kernel axis on the input, dilation included. */
export const extentOf = (window: Window, axis: number): number =>
  (window.kernel[axis]! - 1) * window.dilation[axis]! + 1

/** Attributes ONNX gives to convolutions and pooling alike. */
export function onnxWindow(window: Window) {
  return {
    kernel_shape: window.kernel,
    strides: window.stride,
    pads: [...window.padBefore, ...window.padAfter],
    dilations: window.dilation,
  }
}

/** Spatial shape after sliding a window; every rule about windows is here. */
export function slide(primitive: string, spatial: Dims, window: Window): number[] {
  const { kernel, stride, padBefore, padAfter, dilation } = window
  for (const list of [kernel, stride, padBefore, padAfter, dilation]) {
    if (list.length !== spatial.length) {
      refuse(primitive, `a window of ${spatial.length} axes for ${show(spatial)}`, show(list))
    }
  }
  if ([...kernel, ...stride, ...dilation].some((n) => n < 1)) {
    refuse(primitive, 'kernel, stride and dilation of 1 or more', JSON.stringify(window))
  }
  if ([...padBefore, ...padAfter].some((n) => n < 0)) {
    refuse(primitive, 'padding of 0 or more', JSON.stringify(window))
  }
  return spatial.map((length, axis) => {
    const padded = length + padBefore[axis]! + padAfter[axis]!
    const extent = extentOf(window, axis)
    if (extent > padded) {
      refuse(primitive, `at least ${extent} places on axis ${axis} (padding included)`, `${padded}`)
    }
    return Math.floor((padded - extent) / stride[axis]!) + 1
  })
}

/** Same, for pooling: a window that lies on padding alone has no maximum and no mean. */
export function slidePool(primitive: string, spatial: Dims, window: Window): number[] {
  const result = slide(primitive, spatial, window)
  for (const [axis, places] of result.entries()) {
    for (let place = 0; place < places; place++) {
      if (!touches(spatial, window, axis, place)) {
        refuse(primitive, 'a place of the input under every window', JSON.stringify(window))
      }
    }
  }
  return result
}

/** The window without padding behind that no place of the result reaches; ONNX refuses more than a kernel of it. */
export function trimmed(spatial: Dims, window: Window): Window {
  return {
    ...window,
    padAfter: window.padAfter.map((amount, axis) => Math.max(0, amount - leftover(spatial, window)[axis]!)),
  }
}

function touches(spatial: Dims, window: Window, axis: number, place: number): boolean {
  const start = place * window.stride[axis]! - window.padBefore[axis]!
  for (let tap = 0; tap < window.kernel[axis]!; tap++) {
    const at = start + tap * window.dilation[axis]!
    if (at >= 0 && at < spatial[axis]!) return true
  }
  return false
}

/** Where a window looks: for output place p and kernel tap t the flat input place `source[p * taps + t]`, or -1. */
export interface WindowMap {
  readonly places: number
  readonly taps: number
  readonly source: Int32Array
}

export function windowMap(spatial: Dims, window: Window): WindowMap {
  const out = slide('window', spatial, window)
  const places = sizeOf(out)
  const taps = sizeOf(window.kernel)
  const source = new Int32Array(places * taps)
  for (let p = 0; p < places; p++) {
    for (let t = 0; t < taps; t++) source[p * taps + t] = sourceOf(spatial, window, out, p, t)
  }
  return { places, taps, source }
}

function sourceOf(spatial: Dims, window: Window, out: Dims, place: number, tap: number): number {
  let flat = 0
  let scale = 1
  for (let axis = spatial.length - 1; axis >= 0; axis--) {
    const o = place % out[axis]!
    const k = tap % window.kernel[axis]!
    place = (place - o) / out[axis]!
    tap = (tap - k) / window.kernel[axis]!
    const at = o * window.stride[axis]! - window.padBefore[axis]! + k * window.dilation[axis]!
    if (at < 0 || at >= spatial[axis]!) return -1
    flat += at * scale
    scale *= spatial[axis]!
  }
  return flat
}

/** Last places of each axis that no window reaches. */
export function leftover(spatial: Dims, window: Window): number[] {
  return spatial.map((length, axis) => {
    const room = length + window.padBefore[axis]! + window.padAfter[axis]! - extentOf(window, axis)
    return room % window.stride[axis]!
  })
}
