import type { CampaignSummary } from '@shared/contract/campaigns';
import { Badge, StateBadge } from '@renderer/ui';
import { useCampaignsText } from './texts';

interface CampaignBadgeProps {
  readonly campaign: Pick<CampaignSummary, 'state' | 'outcome'>;
  readonly look?: 'soft' | 'plain';
}

/** Where a campaign stands; once it is over, what came of it. */
export function CampaignBadge({ campaign: { state, outcome }, look = 'soft' }: CampaignBadgeProps) {
  const t = useCampaignsText();
  if (state === 'launching') return <Badge tone="info">{t('launching')}</Badge>;
  const partial = outcome === 'partial_success' || outcome === 'partial_failure' || outcome === 'failed';
  return <StateBadge state={state === 'completed' && partial ? outcome : state} look={look} />;
}
