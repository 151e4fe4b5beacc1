import { useSearch } from '@tanstack/react-router';
import { CampaignList } from './campaign-list';
import { CampaignScreen } from './campaign-screen';

/** All campaigns, or the one that the address names. */
export function Page() {
  const { id, ...shown } = useSearch({ from: '/campaigns' });
  if (id === undefined) return <CampaignList channel={undefined} path="/campaigns" />;
  return <CampaignScreen key={id} id={id} shown={shown} path="/campaigns" />;
}
