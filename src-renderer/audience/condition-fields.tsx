import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { ContactConditions } from '@shared/contract/audiences';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Combobox, IconButton, MultiCombobox, NumberField, Select, TextField } from '@renderer/ui';
import { useFields, useTags } from './queries';
import { useAudienceText } from './texts';

interface ConditionFieldsProps {
  readonly where: ContactConditions;
  readonly onChange: (where: ContactConditions) => void;
}

const HOWS = ['equals', 'contains', 'empty', 'filled'] as const;
const EMAILS = ['any', 'yes', 'no'] as const;
const TAGS = ['tagsAny', 'tagsAll', 'tagsNone'] as const;

/** What contacts have in common; all that is said has to hold. */
export function ConditionFields({ where, onChange }: ConditionFieldsProps) {
  const t = useAudienceText();
  const format = useFormat();
  const tagOptions = (useTags().data?.tags ?? []).map(({ tag, contacts }) => ({
    value: tag,
    label: tag,
    hint: format.number(contacts),
  }));
  const set = (part: Partial<ContactConditions>): void => onChange({ ...where, ...part });
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-3">
        {TAGS.map((name) => (
          <MultiCombobox
            key={name}
            label={t(`where.${name}`)}
            optional
            placeholder={t('choose')}
            options={tagOptions}
            value={where[name]}
            onValueChange={(tags) => set({ [name]: tags })}
          />
        ))}
      </div>
      <FieldConditions fields={where.fields} onChange={(fields) => set({ fields })} />
      <div className="grid gap-4 sm:grid-cols-3">
        <PrefixField prefixes={where.phonePrefixes} onChange={(phonePrefixes) => set({ phonePrefixes })} />
        <Select
          label={t('where.email')}
          value={where.hasEmail === null ? 'any' : where.hasEmail ? 'yes' : 'no'}
          onValueChange={(value) => set({ hasEmail: value === 'any' ? null : value === 'yes' })}
          options={EMAILS.map((value) => ({ value, label: t(`where.email_${value}`) }))}
        />
        <NumberField
          label={t('where.notWritten')}
          optional
          min={1}
          max={3_650}
          value={where.notWrittenDays}
          onValueChange={(notWrittenDays) => set({ notWrittenDays })}
        />
        <SinceField
          label={t('where.createdSince')}
          since={where.createdSince}
          onChange={(createdSince) => set({ createdSince })}
        />
        <SinceField
          label={t('where.importedSince')}
          since={where.importedSince}
          onChange={(importedSince) => set({ importedSince })}
        />
      </div>
    </div>
  );
}

function FieldConditions({
  fields,
  onChange,
}: {
  readonly fields: ContactConditions['fields'];
  readonly onChange: (fields: ContactConditions['fields']) => void;
}) {
  const t = useAudienceText();
  const known = useFields();
  const names = ['name', ...(known.data?.fields ?? [])];
  const change = (index: number, part: Partial<ContactConditions['fields'][number]>): void =>
    onChange(fields.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <div className="flex flex-col gap-2">
      {fields.map((condition, index) => (
        <div key={index} className="grid items-end gap-2 sm:grid-cols-[1fr_1fr_1fr_auto]">
          <Combobox
            label={t('where.field')}
            options={names.map((value) => ({ value, label: value }))}
            value={condition.field}
            onValueChange={(field) => change(index, { field: field ?? 'name' })}
          />
          <Select
            label={t('where.how')}
            value={condition.is}
            onValueChange={(is) => change(index, { is })}
            options={HOWS.map((value) => ({ value, label: t(`where.${value}`) }))}
          />
          <TextField
            label={t('where.value')}
            value={condition.value}
            maxLength={200}
            disabled={condition.is === 'empty' || condition.is === 'filled'}
            onChange={(event) => change(index, { value: event.target.value })}
          />
          <IconButton
            icon={X}
            label={t('where.removeField', { field: condition.field })}
            onClick={() => onChange(fields.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={Plus}
          // The field that most contacts have is proposed: not before it is known which that is.
          disabled={fields.length >= 20 || known.isPending}
          onClick={() => onChange([...fields, { field: names[1] ?? 'name', is: 'equals', value: '' }])}
        >
          {t('where.addField')}
        </Button>
      </div>
    </div>
  );
}

const PREFIX = /^\+[1-9]\d{0,8}$/;

/** Several, with a space or a comma between them; what is no country code is said, and not used. */
function PrefixField({
  prefixes,
  onChange,
}: {
  readonly prefixes: readonly string[];
  readonly onChange: (prefixes: string[]) => void;
}) {
  const t = useAudienceText();
  const [text, setText] = useState(prefixes.join(' '));
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const wrong = parts.find((part) => !PREFIX.test(part));
  return (
    <TextField
      label={t('where.prefixes')}
      optional
      mono
      placeholder="+966 +971"
      error={wrong === undefined ? undefined : t('where.noPrefix', { text: wrong })}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const next = event.target.value.split(/[\s,;]+/).filter((part) => PREFIX.test(part));
        onChange(next.slice(0, 50));
      }}
    />
  );
}

/** A day by the clocks of this machine; from its beginning on. */
function SinceField({
  label,
  since,
  onChange,
}: {
  readonly label: string;
  readonly since: string | null;
  readonly onChange: (since: string | null) => void;
}) {
  const [day, setDay] = useState(since?.slice(0, 10) ?? '');
  return (
    <TextField
      label={label}
      optional
      type="date"
      value={day}
      onChange={(event) => {
        setDay(event.target.value);
        const at = new Date(`${event.target.value}T00:00`);
        onChange(Number.isNaN(at.getTime()) ? null : at.toISOString());
      }}
    />
  );
}
