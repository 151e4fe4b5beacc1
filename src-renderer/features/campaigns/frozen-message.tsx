import { Paperclip } from 'lucide-react';
import type { Audience, CampaignDetail } from '@shared/contract/campaigns';
import type { EmailContent, Message, WhatsAppContent } from '@shared/contract/message';
import { Bytes, Card, DateTime, HtmlPreview, PropertyList } from '@renderer/ui';
import { Proof } from './proof';
import { useCampaignsText } from './texts';

/** What was sent to whom and when, as it was when it was launched. */
export function FrozenMessage({ campaign }: { campaign: CampaignDetail }) {
  const t = useCampaignsText();
  const { message } = campaign;
  return (
    <Card title={t('message.title')}>
      <div className="flex flex-col gap-4">
        <Words message={message} />
        <PropertyList
          properties={[
            { label: t('message.audience'), value: <AudienceWords audience={campaign.audience} /> },
            { label: t('message.by'), value: campaign.createdBy },
            { label: t('message.created'), value: <Time at={campaign.createdAt} /> },
            ...(campaign.scheduledAt === null
              ? []
              : [{ label: t('message.scheduled'), value: <Time at={campaign.scheduledAt} /> }]),
            { label: t('message.started'), value: campaign.startedAt && <Time at={campaign.startedAt} /> },
            { label: t('message.finished'), value: campaign.finishedAt && <Time at={campaign.finishedAt} /> },
          ]}
        />
        <Proof campaign={campaign} />
      </div>
    </Card>
  );
}

/** The message with its variables, before anybody's values were put in. */
function Words({ message }: { message: Message }) {
  const t = useCampaignsText();
  if (message.channel === 'email' && message.html !== null)
    return (
      <div className="flex flex-col gap-2">
        <p className="text-sm font-semibold">{message.subject}</p>
        <HtmlPreview html={message.html} title={t('mail.title')} maxHeight={320} />
        <Files message={message} />
      </div>
    );
  return (
    <div className="rounded-md border border-line bg-sunken p-3 text-sm">
      {message.channel === 'email' ? (
        <p className="mb-1 font-semibold">{message.subject}</p>
      ) : (
        <WhatsAppHead message={message} />
      )}
      <p dir="auto" className="max-h-64 overflow-y-auto break-words whitespace-pre-wrap">
        {message.body}
      </p>
      {message.channel === 'email' && <Files message={message} />}
    </div>
  );
}

function Files({ message }: { message: EmailContent }) {
  if (message.attachments.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {message.attachments.map(({ sha256, fileName, sizeBytes }, n) => (
        <li key={`${sha256}-${n}`} className="flex items-center gap-1.5">
          <Paperclip size={13} aria-hidden />
          {fileName} <Bytes value={sizeBytes} />
        </li>
      ))}
    </ul>
  );
}

function WhatsAppHead({ message }: { message: WhatsAppContent }) {
  const { template, mediaUrl, mediaId, fileName } = message;
  if (template === null) {
    const media = mediaUrl ?? mediaId;
    return media === null ? null : (
      <p className="mb-1 font-mono text-xs break-all text-ink-2">
        {fileName === '' ? media : `${fileName} · ${media}`}
      </p>
    );
  }
  return (
    <div className="mb-1">
      <p className="font-mono text-xs text-ink-2">
        {template.name} ({template.language})
      </p>
      <ul className="mt-1 flex flex-col gap-0.5">
        {template.components.flatMap(({ type, index, parameters }) =>
          parameters.map(({ name, text }, n) => (
            <li key={`${type}-${index}-${n}`} className="text-xs">
              <span className="text-ink-3">
                {type === 'button' ? `button ${index + 1}` : (name ?? `${type} ${n + 1}`)}:{' '}
              </span>
              <span className="font-mono">{text}</span>
            </li>
          )),
        )}
      </ul>
    </div>
  );
}

const Time = ({ at }: { at: string }) => <DateTime at={Date.parse(at)} />;

function AudienceWords({ audience }: { audience: Audience }) {
  const t = useCampaignsText();
  if (audience.kind === 'contacts') return t('audience.contacts', { count: audience.contactIds.length });
  const without =
    audience.excludeTags.length === 0 ? '' : t('audience.without', { tags: audience.excludeTags.join(', ') });
  switch (audience.kind) {
    case 'tags':
      return t('audience.tags', { tags: audience.tags.join(', ') }) + without;
    case 'search':
      return t('audience.search', { search: audience.search }) + without;
    case 'all':
    case 'import':
    case 'filter':
    case 'list':
      return t(`audience.${audience.kind}`) + without;
  }
}
