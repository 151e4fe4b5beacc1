import { useState } from 'react';
import { toAppError } from '@shared/errors';
import { useDebounced } from '@renderer/platform/use-debounced';
import { ErrorState, Notice, Section, TextField } from '@renderer/ui';
import { useTryOut } from './queries';
import { useTemplatesText } from './texts';

const SETTLE_MS = 250;

/** The text with values in it, as it is being written. */
export function TryOut({ body }: { body: string }) {
  const t = useTemplatesText();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const settledBody = useDebounced(body, SETTLE_MS);
  const settledValues = useDebounced(values, SETTLE_MS);
  const { data, error, refetch } = useTryOut(settledBody, withoutEmpty(settledValues));
  const shown = body === '' ? undefined : data;
  return (
    <Section title={t('try')} hint={t('tryHint')}>
      <div className="flex flex-col gap-4">
        {error && <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />}
        {shown && shown.variables.length > 0 && (
          <div className="grid gap-3 sm:grid-cols-2">
            {shown.variables.map(({ name, hasFallback }) => (
              <TextField
                key={name}
                label={name}
                placeholder={hasFallback ? t('hasFallback') : undefined}
                value={values[name] ?? ''}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
              />
            ))}
          </div>
        )}
        {shown && shown.missing.length > 0 && (
          <Notice tone="warning">{t('missing', { names: shown.missing.join(', ') })}</Notice>
        )}
        <div aria-live="polite">
          <p className="mb-1 text-xs font-medium">{t('rendered')}</p>
          {shown?.rendered === undefined || shown.rendered === null ? (
            <p className="text-sm text-ink-3">{t('nothing')}</p>
          ) : (
            <p
              dir="auto"
              className="rounded-md border border-line bg-sunken p-3 text-sm break-words whitespace-pre-wrap"
            >
              {shown.rendered}
            </p>
          )}
        </div>
      </div>
    </Section>
  );
}

const withoutEmpty = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
