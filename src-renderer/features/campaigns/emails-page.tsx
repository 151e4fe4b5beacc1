import { useSearch } from '@tanstack/react-router';
import { CampaignList } from './campaign-list';
import { CampaignScreen } from './campaign-screen';

/** The email campaigns, or the one that the address names. */
export function Page() {
  const { id, ...shown } = useSearch({ from: '/emails' });
  if (id === undefined) return <CampaignList channel="email" path="/emails" />;
  return <CampaignScreen key={id} id={id} shown={shown} path="/emails" />;
}
