interface Props {
  /** What it measures, for those who do not see it. */
  readonly label: string
  /** From 0 to 1. */
  readonly share: number
}

/** A bar that tells how far something is. */
export function Meter({ label, share }: Props) {
  return (
    <div
      className="meter"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <i style={{ width: `${share * 100}%` }} />
    </div>
  )
}
