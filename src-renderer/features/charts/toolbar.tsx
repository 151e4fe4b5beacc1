import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { OTHER_NAMES, type ChartWindow, type Compare } from '@shared/contract/charts';
import { QueueSelect } from '@renderer/app/queue-select';
import { useFormat } from '@renderer/i18n/use-format';
import { Combobox, IconButton, Segmented, Select } from '@renderer/ui';
import { useJobNames } from './queries';
import { type ChartsSearch, type RangeName, rangeNames } from './search';
import { useChartsText } from './texts';

const NOTHING = 'none';

interface SubjectProps {
  readonly search: ChartsSearch;
  readonly window: ChartWindow;
  readonly onChange: (change: Partial<ChartsSearch>) => void;
}

/** What the charts are of, and what they are compared with. */
export function SubjectFields({ search, window, onChange }: SubjectProps): ReactNode {
  const t = useChartsText();
  const format = useFormat();
  const { queue, name, compare } = search;
  const names = useJobNames(queue, window).data?.names ?? [];
  const listed = names.map(({ name: value, completed, failed }) => ({
    value,
    label: value === OTHER_NAMES ? t('otherNames') : value,
    hint: t('nameHint', { completed: format.number(completed), failed: format.number(failed) }),
  }));
  // The chosen one may have done nothing in this time.
  const isListed = name === undefined || listed.some(({ value }) => value === name);
  const options = isListed ? listed : [...listed, { value: name, label: name, hint: '' }];
  const comparisons: readonly (Compare | typeof NOTHING)[] = [NOTHING, 'day', 'week'];
  return (
    <>
      <div className="w-48">
        <QueueSelect
          label={t('queue')}
          all={t('allQueues')}
          value={queue}
          onQueue={(next) => onChange({ queue: next, name: undefined })}
        />
      </div>
      <div className="w-56">
        <Combobox
          label={t('name')}
          labelHidden
          placeholder={t('anyName')}
          value={name ?? null}
          options={options}
          onValueChange={(next) => onChange({ name: next ?? undefined })}
        />
      </div>
      <div className="flex items-center gap-2">
        <span className="text-xs text-ink-3" aria-hidden>
          {t('compare')}
        </span>
        <div className="w-40">
          <Select<Compare | typeof NOTHING>
            label={t('compare')}
            labelHidden
            value={compare ?? NOTHING}
            options={comparisons.map((value) => ({ value, label: t(`compares.${value}`) }))}
            onValueChange={(next) => onChange({ compare: next === NOTHING ? undefined : next })}
          />
        </div>
      </div>
    </>
  );
}

interface TimeProps {
  /** Null where a stretch was zoomed into. */
  readonly range: RangeName | null;
  readonly onRange: (range: RangeName) => void;
  readonly onZoom: (how: 'in' | 'out') => void;
  readonly onMove: (how: 'earlier' | 'later') => void;
  /** Nothing lies after what is shown. */
  readonly isNow: boolean;
}

/** Which time the charts show. */
export function TimeFields({ range, onRange, onZoom, onMove, isNow }: TimeProps): ReactNode {
  const t = useChartsText();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented<RangeName>
        label={t('range')}
        value={range}
        options={rangeNames.map((value) => ({ value, label: t(`ranges.${value}`) }))}
        onValueChange={onRange}
      />
      <div className="flex items-center gap-0.5">
        <IconButton icon={ChevronLeft} label={t('earlier')} shortcut="[" onClick={() => onMove('earlier')} />
        <IconButton
          icon={ChevronRight}
          label={t('later')}
          shortcut="]"
          disabled={isNow}
          onClick={() => onMove('later')}
        />
        <IconButton icon={ZoomIn} label={t('zoomIn')} shortcut="=" onClick={() => onZoom('in')} />
        <IconButton icon={ZoomOut} label={t('zoomOut')} shortcut="-" onClick={() => onZoom('out')} />
      </div>
    </div>
  );
}
