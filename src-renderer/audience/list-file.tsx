import { FileSpreadsheet } from 'lucide-react';
import { useState } from 'react';
import type { ListFile } from '@shared/contract/audiences';
import { wordsOf } from '@renderer/platform/failure';
import { type GivenFile, resolveFile } from '@renderer/platform/files';
import { Button, CountryField, FileDrop, Notice, Select } from '@renderer/ui';
import { ListFacts, type ListFieldsProps, useCountry } from './list-fields';
import { useListFile } from './queries';
import { useAudienceText } from './texts';

type Choice = Pick<ListFile, 'sheet' | 'phone' | 'email'>;

/** A spreadsheet with a column of phones or emails; its other columns are variables. */
export function FileFields({ list, onList }: ListFieldsProps) {
  const t = useAudienceText();
  const { country, setCountry } = useCountry();
  const open = useListFile();
  const [given, setGiven] = useState<GivenFile>();
  const read = (file: GivenFile, defaultCountry: string | null, choice?: Partial<Choice>): void => {
    setGiven(file);
    const { sheet, phone, email } = choice ?? {};
    const isChosen = phone !== undefined || email !== undefined;
    open.mutate(
      {
        ...{ file, defaultCountry },
        ...(sheet === undefined ? {} : { sheet }),
        ...(isChosen ? { columns: { phone: phone ?? null, email: email ?? null } } : {}),
      },
      { onSuccess: (answer) => onList(answer.list) },
    );
  };
  const facts = open.data?.file;
  const drop = (): void => {
    setGiven(undefined);
    open.reset();
    onList(null);
  };
  return (
    <div className="flex flex-col gap-3">
      <CountryField
        label={t('list.country')}
        optional
        value={country}
        onValueChange={(next) => {
          setCountry(next);
          if (given !== undefined && facts !== undefined) read(given, next, facts);
        }}
      />
      {open.isPending ? (
        <p role="status" className="py-8 text-center text-sm text-ink-2">
          {t('list.reading')}
        </p>
      ) : list === null && facts === undefined ? (
        <FileDrop
          hint={t('list.fileHint')}
          onFiles={([file]) => {
            if (file !== undefined) read(resolveFile(file), country);
          }}
        />
      ) : (
        <div className="flex items-center gap-3 rounded-md border border-line bg-sunken px-3 py-2 text-sm">
          <FileSpreadsheet size={16} className="text-ink-3" aria-hidden />
          <span className="min-w-0 flex-1 truncate font-medium">{list?.name ?? given?.name}</span>
          <Button size="sm" onClick={drop}>
            {t('list.another')}
          </Button>
        </div>
      )}
      {facts !== undefined && given !== undefined && !open.isPending && (
        <Choices file={facts} onChoose={(choice) => read(given, country, choice)} />
      )}
      {facts !== undefined && list === null && !open.isPending && (
        <Notice tone="warning">{t('list.noColumn')}</Notice>
      )}
      {open.error !== null && (
        <Notice tone="danger">
          {wordsOf(open.error).message} {wordsOf(open.error).action}
        </Notice>
      )}
      {list !== null && !open.isPending && <ListFacts list={list} />}
    </div>
  );
}

const NONE = '';

/** Which sheet, and which of its columns hold the addresses. */
function Choices({ file, onChoose }: { file: ListFile; onChoose: (choice: Partial<Choice>) => void }) {
  const t = useAudienceText();
  const columns = [
    { value: NONE, label: t('list.none') },
    ...file.columns.map(({ header, sample }, index) => ({
      value: String(index),
      label: [header || t('list.columnNo', { number: index + 1 }), sample]
        .filter((part) => part !== '')
        .join(' · '),
    })),
  ];
  const pick = (kind: 'phone' | 'email', text: string): void => {
    const column = text === NONE ? null : Number(text);
    const other = kind === 'phone' ? 'email' : 'phone';
    // A column holds the one or the other.
    const kept = file[other] === column ? null : file[other];
    const { sheet } = file;
    onChoose(
      kind === 'phone' ? { sheet, phone: column, email: kept } : { sheet, phone: kept, email: column },
    );
  };
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {file.sheets.length > 1 && (
        <Select
          label={t('list.sheet')}
          value={file.sheet}
          options={file.sheets.map((name) => ({ value: name, label: name }))}
          onValueChange={(sheet) => onChoose({ sheet })}
        />
      )}
      {(['phone', 'email'] as const).map((kind) => (
        <Select
          key={kind}
          label={t(`list.${kind}`)}
          value={file[kind] === null ? NONE : String(file[kind])}
          options={columns}
          onValueChange={(text) => pick(kind, text)}
        />
      ))}
    </div>
  );
}
