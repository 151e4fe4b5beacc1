import { cx } from '../cx';
import { useUiText } from '../texts';
import { colorOf, dashOf, EARLIER_DASH, type Series } from './series';

interface ChartLegendProps {
  series: readonly Series[];
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
  /** Lines show their pattern, areas a square. */
  look: 'line' | 'square';
  /** The latest value of each series, written out. */
  latest: Readonly<Record<string, string | null>>;
}

/** Which series is which, what it is now, and whether it is shown. */
export function ChartLegend({ series, hidden, onToggle, look, latest }: ChartLegendProps) {
  const t = useUiText();
  return (
    <ul className="-ml-1.5 flex min-w-0 flex-1 flex-wrap gap-x-1 gap-y-0.5">
      {series.map(({ id, label, color, earlier = false }, index) => {
        const off = hidden.has(id);
        return (
          <li key={id}>
            <button
              type="button"
              aria-pressed={!off}
              title={t('chart.toggle', { name: label })}
              onClick={() => onToggle(id)}
              className="flex h-6 items-center gap-1.5 rounded-sm px-1.5 text-xs hover:bg-hover"
            >
              <svg width="14" height="10" aria-hidden className={cx(off && 'opacity-40')}>
                {look === 'line' || earlier ? (
                  <path
                    d="M0 5h14"
                    stroke={colorOf(color)}
                    strokeWidth={earlier ? 1.5 : 2.5}
                    strokeDasharray={earlier ? EARLIER_DASH : dashOf(index)}
                  />
                ) : (
                  <rect x="2" width="10" height="10" rx="2.5" fill={colorOf(color)} />
                )}
              </svg>
              <span className={off ? 'text-ink-3 line-through' : 'text-ink-2'}>{label}</span>
              {!off && latest[id] !== null && (
                <span className="tabular font-medium text-ink">{latest[id]}</span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
