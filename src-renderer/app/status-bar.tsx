import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useShellFigures, useShellSlots } from './shell-slots';
import { useShellText } from './texts';

/** One fact of the status bar. */
export function StatusItem({
  icon: Icon,
  title,
  children,
}: {
  icon?: LucideIcon;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span title={title} className="tabular flex items-center gap-1.5 whitespace-nowrap">
      {Icon && <Icon size={12} className="text-ink-3" aria-hidden />}
      {children}
    </span>
  );
}

/** The quiet line at the bottom: engine, workers, jobs in flight. */
export function StatusBar() {
  const t = useShellText();
  const { statusEnd } = useShellSlots();
  const { statusStart } = useShellFigures();
  if (statusStart === undefined && statusEnd === undefined) return null;
  return (
    <footer
      aria-label={t('status.bar')}
      className="flex h-6.5 shrink-0 items-center gap-4 overflow-hidden border-t border-line bg-surface px-3 text-2xs text-ink-2"
    >
      <div className="flex min-w-0 flex-1 items-center gap-4 overflow-hidden">{statusStart}</div>
      <div className="flex shrink-0 items-center gap-4">{statusEnd}</div>
    </footer>
  );
}
