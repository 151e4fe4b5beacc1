import { useState } from 'react';
import { ConditionFields } from '@renderer/audience/condition-fields';
import { PasteFields } from '@renderer/audience/list-fields';
import { FileFields } from '@renderer/audience/list-file';
import { useFormat } from '@renderer/i18n/use-format';
import { useDebounced } from '@renderer/platform/use-debounced';
import { Combobox, MultiCombobox, TextField } from '@renderer/ui';
import { useTemplatesText } from '../texts';
import type { AudienceChoice } from './audience-choice';
import { useFoundContacts, useImports, useTags } from './queries';

interface AudienceFieldsProps {
  readonly choice: AudienceChoice;
  readonly onChange: (part: Partial<AudienceChoice>) => void;
}

/** What has to be said of an audience of its kind. */
export function AudienceFields({ choice, onChange }: AudienceFieldsProps) {
  const t = useTemplatesText();
  const format = useFormat();
  const tags = (useTags().data?.tags ?? []).map(({ tag, contacts }) => ({
    value: tag,
    label: tag,
    hint: format.number(contacts),
  }));
  const imports = (useImports().data?.imports ?? []).filter(({ state }) => state !== 'draft');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {choice.kind === 'filter' && (
        <div className="sm:col-span-2">
          <ConditionFields where={choice.where} onChange={(where) => onChange({ where })} />
        </div>
      )}
      {choice.kind === 'paste' && (
        <div className="sm:col-span-2">
          <PasteFields list={choice.pasted} onList={(pasted) => onChange({ pasted })} />
        </div>
      )}
      {choice.kind === 'file' && (
        <div className="sm:col-span-2">
          <FileFields list={choice.file} onList={(file) => onChange({ file })} />
        </div>
      )}
      {choice.kind === 'tags' && (
        <MultiCombobox
          label={t('tags')}
          hint={t('tagsHint')}
          placeholder={t('choose')}
          options={tags}
          value={choice.tags}
          onValueChange={(chosen) => onChange({ tags: chosen })}
        />
      )}
      {choice.kind === 'search' && (
        <TextField
          label={t('searchContacts')}
          hint={t('searchContactsHint')}
          maxLength={200}
          value={choice.search}
          onChange={(event) => onChange({ search: event.target.value })}
        />
      )}
      {choice.kind === 'import' && (
        <Combobox
          label={t('import')}
          placeholder={t('choose')}
          options={imports.map(({ id, fileName, createdAt }) => ({
            value: id,
            label: fileName,
            hint: format.dateTime(Date.parse(createdAt)),
          }))}
          value={imports.find(({ id }) => id === choice.importId)?.id ?? null}
          onValueChange={(importId) => onChange({ importId })}
        />
      )}
      {choice.kind === 'contacts' ? (
        <ChosenContacts ids={choice.contactIds} onChange={(contactIds) => onChange({ contactIds })} />
      ) : (
        <MultiCombobox
          label={t('excludeTags')}
          optional
          placeholder={t('choose')}
          options={tags}
          value={choice.excludeTags}
          onValueChange={(excludeTags) => onChange({ excludeTags })}
        />
      )}
    </div>
  );
}

interface ChosenContactsProps {
  readonly ids: readonly string[];
  readonly onChange: (ids: string[]) => void;
}

const SETTLE_MS = 250;

/** Contacts one by one, found by name, phone or email. */
function ChosenContacts({ ids, onChange }: ChosenContactsProps) {
  const t = useTemplatesText();
  const [typed, setTyped] = useState('');
  const found = useFoundContacts(useDebounced(typed, SETTLE_MS)).data?.contacts ?? [];
  // Whoever was chosen keeps their name when the search goes on to others.
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const options = found.map(({ id, name, phone }) => ({
    value: id,
    label: name ?? phone,
    hint: phone,
  }));
  const isOffered = new Set<string>(options.map(({ value }) => value));
  const chosen = ids
    .filter((id) => !isOffered.has(id))
    .map((id) => ({ value: id, label: names.get(id) ?? id }));
  return (
    <MultiCombobox
      label={t('contactsLabel')}
      hint={t('searchContactsHint')}
      placeholder={t('choose')}
      options={[...options, ...chosen]}
      filteredElsewhere
      onInputValueChange={setTyped}
      value={ids}
      onValueChange={(next) => {
        setNames(new Map([...names, ...options.map(({ value, label }) => [value, label] as const)]));
        onChange(next);
      }}
    />
  );
}
