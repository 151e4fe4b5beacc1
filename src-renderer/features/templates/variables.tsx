import { Braces, Plus, TriangleAlert } from 'lucide-react';
import { compileTemplate, renameVariable } from '@shared/domain/template';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, cx, ErrorState, Section, Skeleton } from '@renderer/ui';
import { coverageOf, type VariableCoverage, variablesOf } from './coverage';
import { type TemplateDraft, useContactFields } from './queries';
import { useTemplatesText } from './texts';

interface VariablesProps {
  readonly draft: TemplateDraft;
  readonly onChange: (part: Partial<TemplateDraft>) => void;
  readonly onInsert: (name: string) => void;
}

/** Fields offered for a press; the rest is found by typing. */
const OFFERED = 12;

/** The variables of the text, checked against what the contacts have, and the fields there are. */
export function Variables({ draft, onChange, onInsert }: VariablesProps) {
  const t = useTemplatesText();
  const { data, error, refetch } = useContactFields();
  const sources = draft.channel === 'email' ? [draft.subject, draft.body] : [draft.body];
  const used = variablesOf(sources);
  const isWrong = sources.some((source) => !compileTemplate(source).ok);
  const offered = (data?.fields ?? [])
    .filter(({ name, contacts }) => contacts > 0 && !used.some((one) => one.name === name))
    .slice(0, OFFERED);
  const rename = (from: string, to: string): void =>
    onChange({
      subject: renameVariable(draft.subject, from, to),
      body: renameVariable(draft.body, from, to),
    });
  return (
    <Section title={t('variables')} hint={t('variablesHint')}>
      {error && <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={64} />}
      {data && (
        <div className="flex flex-col gap-3">
          {used.length === 0 ? (
            <p className="text-sm text-ink-3">{t(isWrong ? 'variablesLater' : 'noVariables')}</p>
          ) : (
            <ul className="divide-y divide-line rounded-md border border-line">
              {coverageOf(used, data).map((variable) => (
                <Variable key={variable.name} variable={variable} total={data.contacts} onRename={rename} />
              ))}
            </ul>
          )}
          {offered.length > 0 && (
            <div role="group" aria-label={t('insert')} className="flex flex-wrap items-center gap-1.5">
              <span className="text-xs text-ink-3">{t('insert')}</span>
              {offered.map(({ name }) => (
                <Button key={name} size="sm" icon={Plus} onClick={() => onInsert(name)}>
                  {name}
                </Button>
              ))}
            </div>
          )}
        </div>
      )}
    </Section>
  );
}

interface VariableProps {
  readonly variable: VariableCoverage;
  readonly total: number;
  readonly onRename: (from: string, to: string) => void;
}

function Variable({ variable, total, onRename }: VariableProps) {
  const t = useTemplatesText();
  const format = useFormat();
  const { name, hasFallback, lacking, share, isUnknown, meant } = variable;
  const isBare = !hasFallback && total > 0;
  const needsLook = isBare && lacking > 0;
  // Rounding must not hide the last few.
  const percent = format.percent(
    lacking > 0 ? Math.min(share, 0.999) : share,
    share > 0.99 && share < 1 ? 1 : 0,
  );
  return (
    <li className="flex flex-col gap-1 px-3 py-2">
      <div className="flex items-center gap-2">
        <Braces size={13} className="shrink-0 text-ink-3" aria-hidden />
        <span className="min-w-0 flex-1 truncate font-mono text-xs font-medium" title={name}>
          {name}
        </span>
        {total > 0 && !isUnknown && (
          <span className="tabular text-xs text-ink-2">{t('have', { percent })}</span>
        )}
      </div>
      {total > 0 && (
        <div className="h-1 overflow-hidden rounded-full bg-sunken" aria-hidden>
          <div
            className={cx('h-full', needsLook ? 'bg-warning' : 'bg-success')}
            style={{ width: `${share * 100}%` }}
          />
        </div>
      )}
      <p className={cx('flex items-start gap-1 text-xs', needsLook ? 'text-warning-text' : 'text-ink-3')}>
        {needsLook && <TriangleAlert size={13} className="mt-px shrink-0" aria-hidden />}
        <span>
          {total === 0
            ? t('noContacts')
            : isUnknown
              ? t(hasFallback ? 'unknownFallback' : 'unknown')
              : lacking === 0
                ? t('allHave')
                : t(hasFallback ? 'lackingFallback' : 'lacking', {
                    count: lacking,
                    number: format.number(lacking),
                  })}
        </span>
      </p>
      {meant !== null && total > 0 && (
        <div>
          <Button size="sm" onClick={() => onRename(name, meant)}>
            {t('didYouMean', { name: meant })}
          </Button>
        </div>
      )}
    </li>
  );
}
