import { FileSpreadsheet, Upload } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { carriesFiles, SPREADSHEET_ENDINGS } from '@renderer/platform/files';
import { cx } from './cx';
import { useUiText } from './texts';

export interface FileDropProps {
  onFiles: (files: readonly File[]) => void;
  /** What may be dropped, in words. */
  hint?: string | undefined;
  /** File endings for the picker. */
  accept?: readonly string[] | undefined;
  multiple?: boolean | undefined;
}

/** The place to drop a spreadsheet or to pick one. A click and the keyboard do the same. */
export function FileDrop({ onFiles, hint, accept = SPREADSHEET_ENDINGS, multiple = false }: FileDropProps) {
  const t = useUiText();
  const inputId = useId();
  const [over, setOver] = useState(false);
  const onDragOver = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    <div
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
      onDrop={() => setOver(false)}
      className={cx(
        'relative flex flex-col items-center gap-3 rounded-xl border-2 border-dashed px-6 py-12 text-center transition-colors',
        'has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-focus',
        over ? 'border-accent bg-accent-soft' : 'border-line-control bg-surface hover:bg-hover',
      )}
    >
      <span className="flex size-12 items-center justify-center rounded-xl border border-accent-line bg-accent-soft text-accent-text">
        <Upload size={20} aria-hidden />
      </span>
      <p className="text-md">
        {t('drop.prompt')}{' '}
        <label
          htmlFor={inputId}
          className="cursor-pointer font-semibold text-accent-text underline underline-offset-3"
        >
          {t('drop.choose')}
        </label>
      </p>
      <p className="text-xs text-ink-3">{hint ?? t('drop.hint')}</p>
      <input
        id={inputId}
        type="file"
        className="absolute inset-0 cursor-pointer opacity-0"
        accept={accept.join(',')}
        multiple={multiple}
        onChange={(event) => {
          const files = Array.from(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </div>
  );
}

/** Over the whole window while files are dragged: says that letting go works anywhere. */
export function DropOverlay({ hint }: { hint?: string | undefined }) {
  const t = useUiText();
  return (
    <div
      className="pointer-events-none fixed inset-0 z-60 flex items-center justify-center bg-scrim p-4"
      role="status"
    >
      <div className="flex h-full w-full flex-col items-center justify-center gap-3 rounded-xl border-2 border-dashed border-accent bg-accent-soft/90">
        <span className="flex size-14 items-center justify-center rounded-xl bg-accent text-on-accent">
          <FileSpreadsheet size={26} aria-hidden />
        </span>
        <p className="text-xl font-semibold text-ink">{t('drop.title')}</p>
        <p className="text-sm text-ink-2">{hint ?? t('drop.hint')}</p>
      </div>
    </div>
  );
}
