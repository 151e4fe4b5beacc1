import { useState } from 'react';
import type { RecipientList } from '@shared/contract/audiences';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, Button, CountryField, TextArea } from '@renderer/ui';
import { usePaste, useSettings } from './queries';
import { useAudienceText } from './texts';

export interface ListFieldsProps {
  readonly list: RecipientList | null;
  readonly onList: (list: RecipientList | null) => void;
}

/** The country by which national numbers are read: the one of Settings until another is chosen. */
export function useCountry() {
  const proposed = useSettings().data?.defaultCountry ?? null;
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  return { country: chosen === undefined ? proposed : chosen, setCountry: setChosen };
}

/** Phones or emails out of a mail, a chat or a sheet. */
export function PasteFields({ list, onList }: ListFieldsProps) {
  const t = useAudienceText();
  const [text, setText] = useState('');
  const { country, setCountry } = useCountry();
  const paste = usePaste();
  return (
    <div className="flex flex-col gap-3">
      <TextArea
        label={t('list.text')}
        hint={t('list.textHint')}
        rows={5}
        mono
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          onList(null);
        }}
      />
      <div className="grid items-end gap-4 sm:grid-cols-[minmax(0,1fr)_auto]">
        <CountryField
          label={t('list.country')}
          optional
          value={country}
          onValueChange={(next) => {
            setCountry(next);
            onList(null);
          }}
        />
        <Button
          disabled={text.trim() === '' || list !== null}
          busy={paste.isPending}
          onClick={() => paste.mutate({ text, defaultCountry: country }, { onSuccess: onList })}
        >
          {t('list.take')}
        </Button>
      </div>
      {list !== null && <ListFacts list={list} />}
    </div>
  );
}

export function ListFacts({ list }: { readonly list: RecipientList }) {
  const t = useAudienceText();
  const format = useFormat();
  const unknown = list.entries - list.known - list.invalid;
  return (
    <div role="status" className="flex flex-col gap-1.5">
      <div className="flex flex-wrap gap-1.5">
        <Badge>{t('list.entries', { count: format.number(list.entries) })}</Badge>
        <Badge tone="success">{t('list.known', { count: format.number(list.known) })}</Badge>
        {unknown > 0 && <Badge tone="info">{t('list.unknown', { count: format.number(unknown) })}</Badge>}
        {list.fields.map((field) => (
          <Badge key={field}>{`{{${field}}}`}</Badge>
        ))}
      </div>
      {unknown > 0 && <p className="text-xs text-ink-3">{t('list.unknownHint')}</p>}
    </div>
  );
}
