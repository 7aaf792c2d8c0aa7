import { freshId } from '../network/edit.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'
import type { Point } from './layout.ts'

export interface AddComment {
  readonly text: string
  readonly position: Point
  readonly width: number
  readonly height: number
  /** The block in which it is seen. */
  readonly group?: string
}

/** Puts a frame with a line of text around a part of the drawing. */
export const addComment: Command<AddComment> = {
  id: 'add-comment',
  label: text('Add comment', '메모 추가'),
  edit(draft, { text: words, position, width, height, group }) {
    if (!(width > 0 && height > 0)) return undefined
    const { id, nextId } = freshId(draft, 'c')
    draft.comments ??= []
    draft.comments.push({
      id,
      text: words.slice(0, 2000),
      position: { x: position.x, y: position.y },
      width,
      height,
      ...(group !== undefined && { group }),
    })
    draft.nextId = nextId
    return [id]
  },
}

export interface EditComment {
  readonly comment: string
  readonly text?: string
  readonly width?: number
  readonly height?: number
}

/** Changes what a comment says or how large it is. */
export const editComment: Command<EditComment> = {
  id: 'edit-comment',
  label: text('Change comment', '메모 변경'),
  edit(draft, { comment: id, text: words, width, height }) {
    const comment = draft.comments?.find((c) => c.id === id)
    if (!comment) return undefined
    if (words !== undefined && words !== comment.text) comment.text = words.slice(0, 2000)
    if (width !== undefined && width > 0 && width !== comment.width) comment.width = width
    if (height !== undefined && height > 0 && height !== comment.height) comment.height = height
    return undefined
  },
}
