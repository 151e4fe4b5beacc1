import { cx } from './cx';

export interface SparklineProps {
  /** Null is a gap: no reading, not zero. */
  values: readonly (number | null)[];
  /** What it shows, in words: it is the picture's name. */
  label: string;
  width?: number | undefined;
  height?: number | undefined;
  color?: 1 | 2 | 3 | 4 | 5 | 6 | 'success' | 'danger' | 'neutral' | undefined;
  /** Fixed top of the scale; else the highest value. */
  max?: number | undefined;
}

const colors = {
  1: 'text-chart-1',
  2: 'text-chart-2',
  3: 'text-chart-3',
  4: 'text-chart-4',
  5: 'text-chart-5',
  6: 'text-chart-6',
  success: 'text-success',
  danger: 'text-danger',
  neutral: 'text-neutral',
} as const;

const INSET = 1.5;

/** The runs of readings as SVG paths: a null ends a run and nothing is drawn across it. */
export function sparklinePaths(
  values: readonly (number | null)[],
  width: number,
  height: number,
  max?: number,
): { readonly lines: readonly string[]; readonly areas: readonly string[] } {
  const top = Math.max(max ?? 0, ...values.map((value) => value ?? 0)) || 1;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const y = (value: number): string => (height - INSET - (value / top) * (height - 2 * INSET)).toFixed(1);
  const runs: (readonly [number, number])[][] = [];
  let open: (readonly [number, number])[] | undefined;
  values.forEach((value, index) => {
    if (value === null) {
      open = undefined;
      return;
    }
    if (!open) {
      open = [];
      runs.push(open);
    }
    open.push([index * step, value]);
  });
  const lines = runs.map((run) =>
    run.map(([x, value], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y(value)}`).join(''),
  );
  const areas = runs.map((run, index) => {
    const from = run[0]?.[0] ?? 0;
    const to = run[run.length - 1]?.[0] ?? 0;
    return `${lines[index] ?? ''}L${to.toFixed(1)} ${height}L${from.toFixed(1)} ${height}Z`;
  });
  return { lines, areas };
}

/** The shape of the recent past, the size of a word. */
export function Sparkline({ values, label, width = 96, height = 24, color = 1, max }: SparklineProps) {
  const { lines, areas } = sparklinePaths(values, width, height, max);
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={cx('max-w-full', colors[color])}
    >
      {areas.map((d, index) => (
        <path key={index} d={d} fill="currentColor" opacity={0.12} />
      ))}
      {lines.map((d, index) => (
        <path
          key={index}
          d={d}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.5}
          vectorEffect="non-scaling-stroke"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      ))}
    </svg>
  );
}
