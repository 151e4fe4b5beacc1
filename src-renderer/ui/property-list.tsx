import type { ReactNode } from 'react';
import { useUiText } from './texts';

export interface Property {
  readonly label: string;
  /** Null and empty are shown as a word, not as a gap. */
  readonly value: ReactNode;
}

/** Names and values of one thing, aligned. */
export function PropertyList({ properties }: { properties: readonly Property[] }) {
  const t = useUiText();
  return (
    <dl className="grid grid-cols-[minmax(6.5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      {properties.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="min-w-0 break-words">
            {value === null || value === undefined || value === '' ? (
              <span className="text-ink-3">{t('emptyValue')}</span>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
