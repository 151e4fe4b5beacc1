import type { AdsappQueue } from '@shared/domain/queues';
import { Select, TextArea, TextField } from '@renderer/ui';
import { useJobsText } from '../texts';
import { payloadFields, type PayloadFieldShape } from './payload-fields';

interface PayloadFormProps {
  queue: AdsappQueue;
  values: Readonly<Record<string, string>>;
  onValues: (values: Readonly<Record<string, string>>) => void;
  /** `field: what is wrong`. */
  problems: readonly string[];
}

/** The fields of a queue's payload. */
export function PayloadForm({ queue, values, onValues, problems }: PayloadFormProps) {
  return (
    <div className="flex flex-col gap-3">
      {payloadFields[queue].map((field) => (
        <PayloadInput
          key={field.key}
          field={field}
          value={values[field.key] ?? ''}
          error={problemOf(problems, field.key)}
          onValue={(value) => onValues({ ...values, [field.key]: value })}
        />
      ))}
    </div>
  );
}

/** Of a list as well as of one of its elements. */
function problemOf(problems: readonly string[], key: string): string | undefined {
  const found = problems.find((problem) => problem.startsWith(`${key}:`) || problem.startsWith(`${key}.`));
  return found?.slice(found.indexOf(': ') + 2);
}

interface PayloadInputProps {
  field: PayloadFieldShape;
  value: string;
  error: string | undefined;
  onValue: (value: string) => void;
}

function PayloadInput({ field: { key, kind, choices = [] }, value, error, onValue }: PayloadInputProps) {
  const t = useJobsText();
  const label = t(`field.${key}`);
  if (kind === 'choice') {
    return (
      <Select
        label={label}
        error={error}
        value={value === '' ? null : value}
        options={choices.map((choice) => ({ value: choice, label: choice }))}
        onValueChange={onValue}
      />
    );
  }
  const shared = {
    label,
    error,
    value,
    onChange: (event: { target: { value: string } }) => onValue(event.target.value),
  };
  if (kind === 'lines') return <TextArea {...shared} mono rows={4} hint={t('add.one')} />;
  const isCount = kind !== 'text';
  return (
    <TextField
      {...shared}
      mono={key.endsWith('Id')}
      optional={key === 'label' || kind === 'count-or-null'}
      {...(isCount && { inputMode: 'numeric' as const })}
      {...(kind === 'count-or-null' && { hint: t('field.nullHint') })}
    />
  );
}
