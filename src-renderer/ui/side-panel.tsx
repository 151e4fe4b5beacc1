import { X } from 'lucide-react';
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { usePreferences } from '@renderer/platform/preferences';
import { IconButton } from './button';
import { useUiText } from './texts';
import { useToastFloor } from './toast-floor';

export interface SidePanelProps {
  /** Names the remembered width. */
  id: string;
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Under the title: id, queue, time. */
  subtitle?: ReactNode;
  /** Right of the title, before the cross. */
  actions?: ReactNode;
  /** Stays at the bottom: the buttons of the panel. */
  footer?: ReactNode;
  /** Pixels. */
  defaultWidth?: number | undefined;
  minWidth?: number | undefined;
  children: ReactNode;
}

const KEY_STEP = 24;
const LEFT_FOR_PAGE = 420;

/** The widest a panel may be: the page beside it must stay usable. */
export function clampPanelWidth(width: number, minWidth: number, available: number): number {
  return Math.round(Math.max(minWidth, Math.min(width, Math.max(minWidth, available - LEFT_FOR_PAGE))));
}

/**
 * Details of the chosen row beside the list, which stays usable; over it in a narrow window. Place it as the
 * last child of a flex row that is `relative`.
 * Resizable by pointer and by arrow keys on its edge; Escape closes and gives the focus back.
 */
export function SidePanel(props: SidePanelProps) {
  return props.open ? <OpenPanel {...props} /> : null;
}

function OpenPanel({
  id,
  onClose,
  title,
  subtitle,
  actions,
  footer,
  defaultWidth = 480,
  minWidth = 340,
  children,
}: SidePanelProps) {
  const t = useUiText();
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);
  const stored = usePreferences((state) => state.panelWidths[id]);
  const setPanelWidth = usePreferences((state) => state.setPanelWidth);
  const [dragged, setDragged] = useState<number | null>(null);
  const width = dragged ?? stored ?? defaultWidth;

  // The element that had the focus when the panel opened gets it back when the panel goes.
  useEffect(() => {
    const before = document.activeElement;
    const own = panel.current;
    return () => {
      const lost = document.activeElement === document.body || own?.contains(document.activeElement) === true;
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  const available = (): number => panel.current?.parentElement?.clientWidth ?? window.innerWidth;
  const clamp = (next: number): number => clampPanelWidth(next, minWidth, available());

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragged(clamp(width));
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const right = panel.current?.getBoundingClientRect().right;
    if (dragged !== null && right !== undefined) setDragged(clamp(right - event.clientX));
  };
  const onPointerUp = (): void => {
    if (dragged !== null) setPanelWidth(id, dragged);
    setDragged(null);
  };
  const onResizeKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowLeft' ? KEY_STEP : event.key === 'ArrowRight' ? -KEY_STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    setPanelWidth(id, clamp(width + step));
  };

  return (
    <aside
      ref={panel}
      aria-labelledby={titleId}
      className="flex h-full max-w-[calc(100%-var(--page-rest))] shrink-0 flex-col border-l border-line bg-surface [--page-rest:320px] max-xl:absolute max-xl:inset-y-0 max-xl:right-0 max-xl:z-20 max-xl:shadow-e3 xl:relative"
      style={{ width }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t('resizePanel')}
        aria-valuenow={Math.round(width)}
        aria-valuemin={minWidth}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onResizeKey}
        className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-[3px] after:w-0.5 after:transition-colors hover:after:bg-accent-line focus-visible:outline-none focus-visible:after:bg-focus active:after:bg-accent"
      />
      <header className="flex min-h-12 items-center gap-2 border-b border-line py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <h2 id={titleId} className="truncate text-sm font-semibold">
            {title}
          </h2>
          {subtitle !== undefined && <div className="truncate text-xs text-ink-3">{subtitle}</div>}
        </div>
        {actions}
        <IconButton icon={X} label={t('close')} shortcut="Escape" size="sm" onClick={onClose} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto p-4">{children}</div>
      {footer !== undefined && <PanelFooter>{footer}</PanelFooter>}
    </aside>
  );
}

/** The buttons of the panel, in as many lines as they need; toasts stay above them. */
function PanelFooter({ children }: { children: ReactNode }) {
  const footer = useRef<HTMLElement>(null);
  useToastFloor(footer);
  return (
    <footer
      ref={footer}
      className="flex flex-wrap items-center gap-2 border-t border-line bg-canvas px-4 py-2.5"
    >
      {children}
    </footer>
  );
}
