import { client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { useAppStatus } from '@renderer/platform/use-app-status';
import { Button, ErrorState, Notice, Page, SkeletonLines } from '@renderer/ui';
import { ApiCard, ServedApiCard } from './api-card';
import { ConnectionCard } from './connection-card';
import { GeneralCard } from './general-card';
import { HistoryCard } from './history-card';
import { MessagingLimitCard } from './messaging-limit-card';
import { NotificationsCard } from './notifications-card';
import { EmailCard, WhatsAppCard } from './provider-cards';
import { useSaveSettings, useSettings } from './queries';
import { SandboxCard } from './sandbox-card';
import { useSettingsText } from './texts';
import { WorkersCard } from './workers-card';

/** Everything that can be set on this machine. */
export function SettingsPage() {
  const t = useSettingsText();
  const settings = useSettings();
  const host = useAppStatus().data?.host;
  const save = useSaveSettings({ saved: t('saved'), restart: t('restart') });
  if (settings.error !== null)
    return (
      <Page title={t('title')}>
        <ErrorState error={wordsOf(settings.error)} onRetry={() => void settings.refetch()} size="page" />
      </Page>
    );
  return (
    <Page title={t('title')} hint={t('hint')} narrow>
      {settings.data === undefined ? (
        <SkeletonLines lines={12} />
      ) : (
        <div className="flex flex-col gap-4">
          {save.data?.restartNeeded === true && (
            <Notice
              tone="warning"
              title={t('restart')}
              actions={
                <Button size="sm" onClick={() => void client.settings.restart({})}>
                  {t('restartNow')}
                </Button>
              }
            />
          )}
          <ConnectionCard settings={settings.data} save={save} />
          <WorkersCard />
          <WhatsAppCard settings={settings.data} save={save} />
          <MessagingLimitCard />
          <EmailCard settings={settings.data} save={save} />
          <SandboxCard settings={settings.data} save={save} />
          {host === 'serve' ? (
            <ServedApiCard settings={settings.data} />
          ) : (
            <ApiCard settings={settings.data} save={save} />
          )}
          <HistoryCard settings={settings.data} save={save} />
          <NotificationsCard settings={settings.data} save={save} />
          <GeneralCard settings={settings.data} save={save} />
        </div>
      )}
    </Page>
  );
}
export { SettingsPage as Page };
