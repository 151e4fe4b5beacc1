import { useState } from 'react';
import type { MessagingLimit } from '@shared/contract/senders';
import { useFormat } from '@renderer/i18n/use-format';
import { wordsOf } from '@renderer/platform/failure';
import { useMessagingLimit } from '@renderer/platform/use-messaging-limit';
import { Button, Card, DateTime, ErrorState, Select, SkeletonLines } from '@renderer/ui';
import { useSetMessagingLimit } from './queries';
import { useSettingsText } from './texts';

/** WhatsApp's limit of people within 24 hours, which all consoles of the organization share. */
export function MessagingLimitCard() {
  const t = useSettingsText();
  const { data, error, refetch } = useMessagingLimit();
  return (
    <Card title={t('limit.title')} hint={t('limit.hint')}>
      {data !== undefined ? (
        // Changed by somebody else: what was being chosen here was chosen knowing less.
        <Field key={`${String(data.people)} ${data.changedAt ?? ''}`} limit={data} />
      ) : error !== null ? (
        <ErrorState error={wordsOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonLines lines={2} />
      )}
    </Card>
  );
}

function Field({ limit }: { readonly limit: MessagingLimit }) {
  const t = useSettingsText();
  const format = useFormat();
  const set = useSetMessagingLimit(t('limit.saved'));
  const [people, setPeople] = useState(limit.people);
  const isChanged = people !== limit.people;
  return (
    <form
      noValidate
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) set.mutate(people);
      }}
    >
      <div className="flex flex-wrap items-start gap-3">
        <div className="w-96">
          <Select
            label={t('limit.people')}
            hint={t('limit.peopleHint')}
            value={String(people ?? 'none')}
            onValueChange={(value) => setPeople(value === 'none' ? null : Number(value))}
            options={[
              { value: 'none', label: t('limit.unlimited') },
              ...stepsWith(limit.people).map((step) => ({
                value: String(step),
                label: t('limit.value', { count: step, number: format.number(step) }),
              })),
            ]}
          />
        </div>
        <div className="mt-5">
          <Button type="submit" disabled={!isChanged} busy={set.isPending}>
            {t('limit.set')}
          </Button>
        </div>
      </div>
      {limit.changedAt !== null && (
        <p className="text-sm text-ink-2">
          {limit.changedBy === null ? t('limit.changed') : t('limit.changedBy', { name: limit.changedBy })}{' '}
          <DateTime at={new Date(limit.changedAt)} />
        </p>
      )}
    </form>
  );
}

/** Meta's steps, and what is set where it is none of them. */
const stepsWith = (current: number | null): number[] =>
  [...new Set([250, 2_000, 10_000, 100_000, ...(current === null ? [] : [current])])].sort((a, b) => a - b);
