import { diffWords } from '@shared/domain/text-diff';
import { cx } from '@renderer/ui';
import { useOperationsText } from './operations-texts';

/** What is different between two payloads, laid out alike: what was taken out, and what came in its place. */
export function JsonDiff({ before, after }: { before: string; after: string }) {
  const t = useOperationsText();
  if (before === after) return <p className="text-sm text-ink-3">{t('diff.same')}</p>;
  return (
    <pre
      tabIndex={0}
      aria-label={t('diff.changes')}
      className="max-h-[50vh] overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
    >
      {diffWords(before, after).map(({ kind, text }, index) => {
        if (kind === 'same') return <span key={index}>{text}</span>;
        const Mark = kind === 'removed' ? 'del' : 'ins';
        return (
          <Mark
            key={index}
            title={t(kind === 'removed' ? 'diff.removed' : 'diff.added')}
            className={cx(
              'rounded-xs px-0.5',
              kind === 'removed'
                ? 'bg-danger-soft text-danger-text line-through'
                : 'bg-success-soft text-success-text no-underline',
            )}
          >
            {text}
          </Mark>
        );
      })}
    </pre>
  );
}
