import { CircleCheck, CircleX, Gauge, LoaderCircle, type LucideIcon, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '@renderer/ui/cx';
import { Popover } from '@renderer/ui/popover';
import { textTone, type Tone } from '@renderer/ui/tone';
import { useShellText } from './texts';

export type EngineState = 'connecting' | 'ready' | 'reconnecting' | 'degraded' | 'down';

const looks: Readonly<
  Record<EngineState, { readonly tone: Tone; readonly icon: LucideIcon; readonly moving?: boolean }>
> = {
  connecting: { tone: 'info', icon: LoaderCircle, moving: true },
  ready: { tone: 'success', icon: CircleCheck },
  reconnecting: { tone: 'warning', icon: RotateCw, moving: true },
  degraded: { tone: 'warning', icon: Gauge },
  down: { tone: 'danger', icon: CircleX },
};

interface EnginePillProps {
  state: EngineState;
  /** Which engine, short: "Embedded", "Redis". */
  engine: string;
  /** Shown on click: address, latency, since when, what to do. */
  detail?: ReactNode;
}

/** How the queue engine is, all the time, in words. */
export function EnginePill({ state, engine, detail }: EnginePillProps) {
  const t = useShellText();
  const { tone, icon: Icon, moving } = looks[state];
  const pill = (
    <button
      type="button"
      className="flex h-7 items-center gap-1.5 rounded-sm px-2 text-xs whitespace-nowrap hover:bg-hover data-popup-open:bg-pressed"
    >
      <Icon size={14} className={cx(textTone[tone], moving === true && 'animate-spin')} aria-hidden />
      <span className="font-medium">{engine}</span>
      <span className={textTone[tone]} role="status">
        {t(`engine.${state}`)}
      </span>
    </button>
  );
  return (
    <Popover trigger={pill} align="end" title={`${engine}: ${t(`engine.${state}`)}`}>
      {detail}
    </Popover>
  );
}
