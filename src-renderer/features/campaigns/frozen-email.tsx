import { Paperclip } from 'lucide-react';
import { useState } from 'react';
import type { CampaignDetail } from '@shared/contract/campaigns';
import type { FrozenEmail } from '@shared/contract/emails';
import type { DeliveryId } from '@shared/domain/ids';
import { toAppError } from '@shared/errors';
import {
  Badge,
  Bytes,
  CopyButton,
  DateTime,
  ErrorState,
  HtmlPreview,
  Notice,
  PropertyList,
  Segmented,
  SkeletonLines,
} from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import { useFrozenEmail } from './queries';
import { useCampaignsText } from './texts';

interface FrozenEmailViewProps {
  readonly deliveryId: DeliveryId;
  readonly counts: CampaignDetail['counts'];
}

/** One recipient's email as it is frozen, with its batch and its key. */
export function FrozenEmailView({ deliveryId, counts }: FrozenEmailViewProps) {
  const { data, error, refetch } = useFrozenEmail(deliveryId, counts);
  if (data) return <Email email={data} />;
  return error ? (
    <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />
  ) : (
    <SkeletonLines lines={6} />
  );
}

function Email({ email }: { email: FrozenEmail }) {
  const t = useCampaignsText();
  const [look, setLook] = useState<'html' | 'text'>('html');
  return (
    <div className="flex flex-col gap-3">
      <p dir="auto" className="text-sm font-medium">
        {email.subject}
      </p>
      <Segmented
        label={t('mail.look')}
        value={look}
        onValueChange={setLook}
        options={[
          { value: 'html', label: t('mail.html') },
          { value: 'text', label: t('mail.text') },
        ]}
      />
      {look === 'html' ? (
        <HtmlPreview html={email.html} title={t('mail.frame', { address: email.to })} maxHeight={360} />
      ) : (
        <p
          dir="auto"
          className="max-h-[22.5rem] overflow-y-auto rounded-sm border border-line bg-sunken p-3 text-sm break-words whitespace-pre-wrap"
        >
          {email.text}
        </p>
      )}
      {email.attachments.length > 0 && (
        <ul aria-label={t('mail.attachments')} className="flex flex-wrap gap-2">
          {email.attachments.map(({ sha256, fileName, sizeBytes }, n) => (
            <li
              key={`${sha256}-${n}`}
              className="flex items-center gap-1.5 rounded-sm border border-line px-2 py-1 text-xs"
            >
              <Paperclip size={13} className="text-ink-3" aria-hidden />
              {fileName}
              <span className="text-ink-3">
                <Bytes value={sizeBytes} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Facts email={email} />
    </div>
  );
}

function Facts({ email }: { email: FrozenEmail }) {
  const t = useCampaignsText();
  const format = useFormat();
  const { batch } = email;
  return (
    <>
      {batch?.proven === false && <Notice tone="warning">{t('mail.notProven')}</Notice>}
      <PropertyList
        properties={[
          { label: t('mail.from'), value: email.from },
          ...(email.replyTo === null ? [] : [{ label: t('mail.replyTo'), value: email.replyTo }]),
          ...Object.entries(email.headers).map(([label, value]) => ({ label, value })),
          {
            label: t('mail.batch'),
            value:
              batch &&
              t('mail.place', { place: format.number(batch.place), of: format.number(batch.emails) }),
          },
          { label: t('mail.key'), value: batch && <Code text={batch.key} /> },
          {
            label: t('message.hash'),
            value: batch && (
              <span className="flex flex-wrap items-center gap-2">
                <Code text={batch.payloadHash} />
                {batch.proven && <Badge tone="success">{t('mail.proven')}</Badge>}
              </span>
            ),
          },
          { label: t('deliveries.attempts'), value: batch && format.number(batch.attempts) },
          { label: t('mail.sent'), value: batch?.sentAt && <DateTime at={Date.parse(batch.sentAt)} /> },
        ]}
      />
    </>
  );
}

const Code = ({ text }: { text: string }) => (
  <span className="flex items-center gap-1 font-mono text-xs break-all">
    {text}
    <CopyButton text={text} />
  </span>
);
