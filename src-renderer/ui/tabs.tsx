import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface Tab<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  /** Behind the label: how many there are. */
  readonly count?: ReactNode;
  readonly icon?: LucideIcon;
  /** Rendered only while chosen. Leave out where the tabs only filter what stands below. */
  readonly content?: ReactNode;
}

interface TabsProps<V extends string> {
  /** Names the set for assistive technology. */
  label: string;
  tabs: readonly Tab<V>[];
  value: V;
  onValueChange: (value: V) => void;
}

/** Views of one thing. Arrow keys move, Enter or Space chooses. */
export function Tabs<V extends string>({ label, tabs, value, onValueChange }: TabsProps<V>) {
  const find = (next: unknown): V | undefined => tabs.find((tab) => tab.value === next)?.value;
  return (
    <BaseTabs.Root
      value={value}
      onValueChange={(next: unknown) => {
        const found = find(next);
        if (found !== undefined) onValueChange(found);
      }}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <BaseTabs.List
        aria-label={label}
        className="relative flex shrink-0 gap-1 overflow-x-auto border-b border-line"
      >
        {tabs.map(({ value: each, label: name, count, icon: Icon }) => (
          <BaseTabs.Tab
            key={each}
            value={each}
            className="flex h-9 items-center gap-1.5 rounded-t-sm px-2.5 text-sm whitespace-nowrap text-ink-2 -outline-offset-2 select-none hover:text-ink data-active:font-medium data-active:text-ink"
          >
            {Icon && <Icon size={14} aria-hidden />}
            {name}
            {count !== undefined && (
              <span className="tabular rounded-full bg-sunken px-1.5 text-2xs font-medium text-ink-2">
                {count}
              </span>
            )}
          </BaseTabs.Tab>
        ))}
        <BaseTabs.Indicator className="absolute bottom-0 left-[var(--active-tab-left)] h-0.5 w-[var(--active-tab-width)] rounded-full bg-accent transition-[left,width] duration-150" />
      </BaseTabs.List>
      {tabs.map(
        ({ value: each, content }) =>
          content !== undefined && (
            <BaseTabs.Panel
              key={each}
              value={each}
              className="min-h-0 flex-1 overflow-auto py-3 -outline-offset-2"
            >
              {content}
            </BaseTabs.Panel>
          ),
      )}
    </BaseTabs.Root>
  );
}

interface SegmentedProps<V extends string> {
  label: string;
  options: readonly { readonly value: V; readonly label: ReactNode; readonly icon?: LucideIcon }[];
  /** Null where none of them is what is set. */
  value: V | null;
  onValueChange: (value: V) => void;
}

/** A few exclusive settings side by side: a time range, a chart kind. */
export function Segmented<V extends string>({ label, options, value, onValueChange }: SegmentedProps<V>) {
  return (
    <ToggleGroup<V>
      aria-label={label}
      value={value === null ? [] : [value]}
      onValueChange={([next]) => {
        if (next !== undefined) onValueChange(next);
      }}
      className="inline-flex h-7 w-fit max-w-full items-center overflow-x-auto rounded-sm border border-line bg-sunken p-0.5"
    >
      {options.map(({ value: each, label: name, icon: Icon }) => (
        <Toggle
          key={each}
          value={each}
          className="flex h-full shrink-0 items-center gap-1.5 rounded-xs px-2 text-xs whitespace-nowrap font-medium text-ink-2 select-none hover:text-ink data-pressed:bg-surface data-pressed:text-ink data-pressed:shadow-e1"
        >
          {Icon && <Icon size={13} aria-hidden />}
          {name}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
