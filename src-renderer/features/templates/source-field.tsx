import { type Ref, useMemo, useRef } from 'react';
import { compileTemplate, MAX_TEMPLATE_LENGTH, templateSpans } from '@shared/domain/template';
import { CircleAlert } from 'lucide-react';
import { MarkedTextArea, type MarkedTextAreaHandle } from '@renderer/ui';
import { useTemplatesText } from './texts';

interface SourceFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly source: string;
  readonly onChange: (source: string) => void;
  readonly ref: Ref<MarkedTextAreaHandle>;
}

/** The text of a template, compiled at every stroke: what is wrong is marked in it and named below. */
export function SourceField({ label, hint, source, onChange, ref }: SourceFieldProps) {
  const t = useTemplatesText();
  const area = useRef<MarkedTextAreaHandle | null>(null);
  const { errors, spans } = useMemo(() => {
    const compiled = compileTemplate(source);
    const found = compiled.ok ? [] : compiled.errors;
    return { errors: found, spans: templateSpans(source, found) };
  }, [source]);
  return (
    <div className="flex flex-col gap-2">
      <MarkedTextArea
        ref={(handle) => {
          area.current = handle;
          if (typeof ref === 'function') ref(handle);
          else if (ref !== null) ref.current = handle;
        }}
        label={label}
        hint={hint}
        rows={12}
        maxLength={MAX_TEMPLATE_LENGTH}
        value={source}
        onValueChange={onChange}
        stretches={spans}
        error={errors.length === 0 ? undefined : t('wrongPlaces', { count: errors.length })}
      />
      {errors.length > 0 && (
        <ul aria-label={t('problems')} className="flex max-h-40 flex-col overflow-y-auto">
          {errors.map(({ message, line, column, offset, end }) => (
            <li key={offset}>
              <button
                type="button"
                onClick={() => area.current?.select(offset, end)}
                className="flex w-full items-start gap-1.5 rounded-sm px-1.5 py-1 text-left text-xs text-danger-text -outline-offset-2 hover:bg-danger-soft"
              >
                <CircleAlert size={13} className="mt-px shrink-0" aria-hidden />
                {t('at', { line, column, message })}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
