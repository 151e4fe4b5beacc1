import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import type { CampaignDetail, CampaignProof } from '@shared/contract/campaigns';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, CopyButton, DateTime, ErrorState, Notice } from '@renderer/ui';
import { useCampaignsText } from './texts';

/** Enough to tell two hashes apart at a glance. */
const SHOWN_OF_HASH = 12;

/** When the audience was frozen, the hash of it, and whether what is stored is still the same. */
export function Proof({ campaign }: { campaign: CampaignDetail }) {
  const t = useCampaignsText();
  const verify = useMutation({
    mutationFn: () => callQuery(client.campaigns.verify({ campaignId: campaign.id })),
  });
  if (campaign.contentHash === null || campaign.frozenAt === null) return null;
  return (
    <section aria-label={t('proof.title')} className="flex flex-col gap-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <p className="min-w-0 flex-1">
          {t('proof.frozen')} <DateTime at={Date.parse(campaign.frozenAt)} />
          <span className="flex items-center gap-1 text-ink-3" title={campaign.contentHash}>
            {t('proof.hash')}{' '}
            <span className="font-mono text-xs">{campaign.contentHash.slice(0, SHOWN_OF_HASH)}…</span>
            <CopyButton text={campaign.contentHash} />
          </span>
        </p>
        <Button size="sm" icon={ShieldCheck} busy={verify.isPending} onClick={() => verify.mutate()}>
          {t('proof.verify')}
        </Button>
      </div>
      {verify.error !== null && <ErrorState error={wordsOf(verify.error)} onRetry={() => verify.mutate()} />}
      {verify.data !== undefined && <Verdict proof={verify.data} />}
    </section>
  );
}

function Verdict({ proof }: { proof: CampaignProof }) {
  const t = useCampaignsText();
  const format = useFormat();
  const recipients = format.number(proof.recipients);
  if (proof.verified === null)
    return <Notice title={t('proof.old')}>{t('proof.oldHint', { recipients })}</Notice>;
  if (proof.verified)
    return (
      <Notice tone="success" title={t('proof.verified')}>
        {t('proof.verifiedHint', { recipients })}
      </Notice>
    );
  const frozen = format.number(proof.frozenRecipients ?? 0);
  const differences = proof.differences ?? [];
  return (
    <Notice tone="danger" title={t('proof.differs')}>
      {differences.length === 0
        ? t('proof.somewhere')
        : differences.map((part) => t(`proof.part.${part}`, { frozen, recipients })).join(' ')}{' '}
      {t('proof.differsHint')}
    </Notice>
  );
}
