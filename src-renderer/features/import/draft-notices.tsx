import type { ImportDraft, ImportOptions, ImportPreview } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { Button, DateTime, Notice } from '@renderer/ui';
import { misnamed } from './misnamed';
import { useImportText } from './texts';

interface SameFileProps {
  readonly same: NonNullable<ImportDraft['sameFile']>;
  readonly onOpen: (importId: ImportId) => void;
}

/** These bytes were imported before: when, and the way there. */
export function SameFile({ same, onOpen }: SameFileProps) {
  const t = useImportText();
  return (
    <Notice
      tone="warning"
      title={t('same')}
      actions={
        <Button size="sm" onClick={() => onOpen(same.id)}>
          {t('continuing.openThat')}
        </Button>
      }
    >
      <DateTime at={Date.parse(same.at)} />
    </Notice>
  );
}

interface NothingToImportProps {
  readonly found: ImportPreview;
  readonly options: ImportOptions;
}

/** Why the import cannot be started although everything is filled in, and what to do. */
export function NothingToImport({ found, options }: NothingToImportProps) {
  const t = useImportText();
  const { fates, read, existing } = found;
  if (read === 0)
    return <Notice tone="warning" title={t(fates.exclude > 0 ? 'nothing.leftOut' : 'nothing.noRows')} />;
  const wanting = options.defaultCountry === null ? withoutCountry(found) : 0;
  const others = fates.reject - wanting;
  const why = [
    ...(wanting > 0 ? [t('nothing.country', { count: wanting })] : []),
    ...(existing > 0 && fates.skip > 0 ? [t('nothing.existing', { count: existing })] : []),
    ...(others > 0 ? [t('nothing.rejected', { count: others })] : []),
  ];
  return (
    <Notice tone="warning" title={t('nothing.title')}>
      {why.join(' ')}
    </Notice>
  );
}

/** Rows whose number is read as soon as a default country is chosen. */
export const withoutCountry = ({ byReason }: ImportPreview): number =>
  byReason.find(({ code }) => code === 'phone-country-unknown')?.rows ?? 0;

/** The name says another kind of file than the content. */
export function Misnamed({ draft }: { readonly draft: ImportDraft }) {
  const t = useImportText();
  const found = misnamed(draft.fileName, draft.format);
  return found === null ? null : <Notice tone="warning" title={t('misnamed', found)} />;
}
