import { useState } from 'react';
import type { Correction } from '@shared/contract/imports';
import { Button, Checkbox, Dialog, Select, TextField } from '@renderer/ui';
import { useRowsText } from './texts';

interface ReplaceDialogProps {
  readonly open: boolean;
  readonly headers: readonly string[];
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onReplace: (correction: Extract<Correction, { kind: 'replace' }>) => void;
}

/** Replaces text in a whole column at once. */
export function ReplaceDialog({ open, headers, busy, onClose, onReplace }: ReplaceDialogProps) {
  const t = useRowsText();
  const [column, setColumn] = useState(0);
  const [find, setFind] = useState('');
  const [replacement, setReplacement] = useState('');
  const [whole, setWhole] = useState(false);
  const [matchCase, setMatchCase] = useState(false);
  const possible = find !== '' || whole;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={t('replaceTitle')}
      width="sm"
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (possible && !busy) onReplace({ kind: 'replace', column, find, replacement, whole, matchCase });
        }}
      >
        <Select
          label={t('column')}
          value={String(column)}
          onValueChange={(value) => setColumn(Number(value))}
          options={headers.map((header, index) => ({ value: String(index), label: header }))}
        />
        <TextField
          label={t('find')}
          hint={t('findHint')}
          maxLength={1_000}
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <TextField
          label={t('replacement')}
          optional
          maxLength={1_000}
          value={replacement}
          onChange={(event) => setReplacement(event.target.value)}
        />
        <Checkbox label={t('whole')} checked={whole} onCheckedChange={setWhole} />
        <Checkbox label={t('matchCase')} checked={matchCase} onCheckedChange={setMatchCase} />
        <div className="flex justify-end">
          <Button type="submit" variant="primary" disabled={!possible} busy={busy}>
            {t('replaceAll')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
