import type { ContinuedImport, RefusedContinuation } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Card, Notice, RadioGroup } from '@renderer/ui';
import { useImportText } from './texts';

interface ContinueCardProps {
  readonly continues: ContinuedImport;
  /** Whether the rows go into that import. */
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

/** The file holds the rejected rows of an import: go on with that one, or import them as a new one. */
export function ContinueCard({ continues, value, onChange }: ContinueCardProps) {
  const t = useImportText();
  const format = useFormat();
  const { fileName, rejected, certain } = continues;
  return (
    <Card>
      <RadioGroup
        look="cards"
        label={t(certain ? 'continuing.rowsOf' : 'continuing.maybeRowsOf', { file: fileName })}
        value={value ? 'continue' : 'new'}
        onValueChange={(next) => onChange(next === 'continue')}
        options={[
          {
            value: 'continue',
            label: t('continuing.goOn'),
            hint: t('continuing.goOnHint', { count: rejected, shown: format.number(rejected) }),
          },
          { value: 'new', label: t('continuing.anew'), hint: t('continuing.anewHint') },
        ]}
      />
    </Card>
  );
}

interface CannotContinueProps {
  readonly refused: RefusedContinuation;
  readonly onOpen: (importId: ImportId) => void;
}

/** The file holds the rejected rows of an import that cannot be gone on with: why, and what to do instead. */
export function CannotContinue({ refused, onOpen }: CannotContinueProps) {
  const t = useImportText();
  const { importId, fileName, certain, message, action } = refused;
  return (
    <Notice
      tone="warning"
      title={t(certain ? 'continuing.rowsOf' : 'continuing.maybeRowsOf', { file: fileName })}
      actions={
        <Button size="sm" onClick={() => onOpen(importId)}>
          {t('continuing.openThat')}
        </Button>
      }
    >
      {[message, action, t('continuing.cannot')].filter(Boolean).join(' ')}
    </Notice>
  );
}
