import { Trash2 } from 'lucide-react';
import type { ImportId } from '@shared/domain/ids';
import { Bytes, Card, IconButton, RelativeTime } from '@renderer/ui';
import { Discard } from './discard';
import { useOpenedFiles } from './queries';
import { useImportText } from './texts';

interface OpenedFilesProps {
  readonly onOpen: (importId: ImportId) => void;
}

/** Files that were opened and not imported: whoever left one finds the way back, and their corrections, here. */
export function OpenedFiles({ onOpen }: OpenedFilesProps) {
  const t = useImportText();
  const { data } = useOpenedFiles();
  if (data === undefined || data.drafts.length === 0) return null;
  return (
    <Card title={t('opened.title')} hint={t('opened.hint')} padding="none">
      <ul className="tabular max-h-60 divide-y divide-line overflow-y-auto text-sm">
        {data.drafts.map(({ id, fileName, sizeBytes, openedAt, corrections }) => (
          <li key={id} className="flex items-center gap-4 px-4 py-1.5 hover:bg-hover">
            <button
              type="button"
              title={fileName}
              className="min-w-0 truncate font-medium text-accent-text hover:underline"
              onClick={() => onOpen(id)}
            >
              {fileName}
            </button>
            <span className="min-w-0 flex-1 truncate text-xs text-ink-3">
              {corrections > 0 && t('opened.corrections', { count: corrections })}
            </span>
            <span className="shrink-0 text-xs text-ink-3">
              <Bytes value={sizeBytes} />
            </span>
            <span className="w-24 shrink-0 text-right">
              <RelativeTime at={new Date(openedAt)} />
            </span>
            <Discard importId={id} fileName={fileName} corrections={corrections}>
              {(press, busy) => (
                <IconButton
                  icon={Trash2}
                  size="sm"
                  busy={busy}
                  label={t('opened.discard', { file: fileName })}
                  onClick={press}
                />
              )}
            </Discard>
          </li>
        ))}
      </ul>
    </Card>
  );
}
