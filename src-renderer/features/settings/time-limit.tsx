import { useState } from 'react';
import type { TimeLimit } from '@shared/contract/workers';
import { Button, NumberField } from '@renderer/ui';
import { useSetTimeLimit, useTimeLimit } from './queries';
import { useSettingsText } from './texts';

const MINUTE = 60;

/** How long one run of a job may take, for the workers of all machines. */
export function TimeLimitField() {
  const { data } = useTimeLimit();
  return data === undefined ? null : <Field key={`${data.seconds} ${data.origin}`} limit={data} />;
}

function Field({ limit }: { limit: TimeLimit }) {
  const t = useSettingsText();
  const set = useSetTimeLimit(t('workers.limitSaved'));
  const before = limit.seconds / MINUTE;
  const [minutes, setMinutes] = useState<number | null>(before);
  const isFixed = limit.origin === 'environment';
  const isChanged = minutes !== null && minutes !== before;
  return (
    <form
      noValidate
      className="mt-3 flex flex-wrap items-start gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) set.mutate(Math.round(minutes * MINUTE));
      }}
    >
      <div className="w-72">
        <NumberField
          label={t('workers.limit')}
          hint={t(isFixed ? 'workers.limitFixed' : 'workers.limitHint')}
          unit={t('workers.minutes')}
          min={0.5}
          max={24 * MINUTE}
          step={1}
          format={{ maximumFractionDigits: 2 }}
          value={minutes}
          disabled={isFixed}
          onValueChange={setMinutes}
        />
      </div>
      {!isFixed && (
        <div className="mt-5 flex gap-2">
          <Button type="submit" disabled={!isChanged} busy={set.isPending}>
            {t('workers.setLimit')}
          </Button>
          {limit.origin === 'settings' && (
            <Button variant="ghost" disabled={set.isPending} onClick={() => set.mutate(null)}>
              {t('workers.usualLimit')}
            </Button>
          )}
        </div>
      )}
    </form>
  );
}
