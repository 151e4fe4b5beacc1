import { CircleCheck, CircleX } from 'lucide-react';
import { useState } from 'react';
import type { Preflight, RecipientFilter } from '@shared/contract/audiences';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, Button, Card, Notice, NumberText, RadioGroup, TextField } from '@renderer/ui';
import type { Draft } from './draft';
import type { Judging } from './queries';
import { useMends } from './queries';
import { RecipientGrid } from './recipient-grid';
import { useComposeText } from './texts';

interface PreflightCardProps {
  readonly preflight: Preflight;
  readonly judging: Judging;
  readonly missing: Draft['missing'];
  readonly onMissing: (choice: Draft['missing']) => void;
}

type Problem = Preflight['problems'][number];

const nameOf = ({ problem, variable }: Problem): string => `${problem}:${variable ?? ''}`;

/** What is wrong for whom, over every recipient, and a place to mend it. */
export function PreflightCard({ preflight, judging, missing, onMissing }: PreflightCardProps) {
  const t = useComposeText();
  const format = useFormat();
  const [shown, setShown] = useState<string>();
  const { problems, mended, outsideWindow, reach } = preflight;
  const open = problems.find((problem) => nameOf(problem) === shown);
  const isClean = problems.length === 0;
  return (
    <Card title={t('preflight.title')} hint={t('preflight.hint', { count: preflight.matched })}>
      <div className="flex flex-col gap-4">
        <p role="status" className="flex items-center gap-2 text-sm font-medium">
          {reach === 0 ? (
            <CircleX size={16} className="text-danger-text" aria-hidden />
          ) : (
            <CircleCheck size={16} className="text-success-text" aria-hidden />
          )}
          {t('preflight.reach', { count: reach, amount: format.number(reach) })}
        </p>
        {outsideWindow > 0 && <Notice tone="info">{t('preflight.window', { count: outsideWindow })}</Notice>}
        <Values preflight={preflight} judging={judging} />
        {!isClean && (
          <ul className="divide-y divide-line rounded-md border border-line">
            {problems.map((problem) => (
              <li key={nameOf(problem)} className="flex flex-wrap items-center gap-3 px-3 py-2 text-sm">
                <Badge tone="warning">
                  <NumberText value={problem.recipients} />
                </Badge>
                <span className="min-w-0 flex-1">
                  {t(`preflight.${problem.problem}`, {
                    count: problem.recipients,
                    variable: problem.variable ?? '',
                  })}
                </span>
                {problem.problem === 'missing_value' && problem.variable !== null && (
                  <ForAll judging={judging} variable={problem.variable} />
                )}
                <Button
                  size="sm"
                  aria-expanded={nameOf(problem) === shown}
                  onClick={() => setShown(nameOf(problem) === shown ? undefined : nameOf(problem))}
                >
                  {t(nameOf(problem) === shown ? 'preflight.close' : 'preflight.show')}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {open !== undefined && (
          <div className="flex h-72 overflow-hidden rounded-md border border-line">
            <RecipientGrid
              judging={judging}
              filter={filterOf(open)}
              variables={open.variable === null ? [] : [open.variable]}
            />
          </div>
        )}
        {!isClean && (
          <RadioGroup
            label={t('missing.title')}
            value={missing}
            onValueChange={onMissing}
            options={[
              { value: 'refuse', label: t('missing.refuse'), hint: t('missing.refuseHint') },
              { value: 'skip', label: t('missing.skip'), hint: t('missing.skipHint') },
            ]}
          />
        )}
        {mended.recipients > 0 && (
          <p className="text-xs text-ink-3">{t('preflight.mended', { count: mended.recipients })}</p>
        )}
      </div>
    </Card>
  );
}

const filterOf = ({ problem, variable }: Problem): RecipientFilter =>
  variable === null ? { show: problem } : { show: problem, variable };

/** The values that all get who have none, each to be taken back. */
function Values({ preflight, judging }: Pick<PreflightCardProps, 'preflight' | 'judging'>) {
  const t = useComposeText();
  const { mendAll } = useMends();
  const values = Object.entries(preflight.mended.forAll);
  if (values.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2">
      {values.map(([variable, value]) => (
        <li key={variable}>
          <Button size="sm" onClick={() => mendAll.mutate({ draftId: judging.draftId, variable, value: '' })}>
            {t('preflight.takeBack', { variable, value })}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** One value for all who lack it. */
function ForAll({ judging, variable }: { readonly judging: Judging; readonly variable: string }) {
  const t = useComposeText();
  const [value, setValue] = useState('');
  const { mendAll } = useMends();
  return (
    <form
      className="flex items-center gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() !== '') mendAll.mutate({ draftId: judging.draftId, variable, value: value.trim() });
      }}
    >
      <TextField
        label={t('preflight.forAll', { variable })}
        labelHidden
        placeholder={t('preflight.forAllHint')}
        maxLength={4_096}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <Button type="submit" size="sm" disabled={value.trim() === ''} busy={mendAll.isPending}>
        {t('preflight.setAll')}
      </Button>
    </form>
  );
}
