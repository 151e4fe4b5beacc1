import { useRouter } from '@tanstack/react-router';
import { FlaskConical, PlugZap } from 'lucide-react';
import { useState } from 'react';
import { useShellSlots } from '@renderer/app/shell-slots';
import { client } from '@renderer/platform/client';
import { resolveFile } from '@renderer/platform/files';
import { useStillHere } from '@renderer/platform/use-still-here';
import { Button, ButtonLink, FileDrop, showToast } from '@renderer/ui';
import { useOverviewText } from './texts';

/** The first start: what this is, and the three ways to begin. */
export function Welcome() {
  const t = useOverviewText();
  const { history } = useRouter();
  const isHere = useStillHere();
  const { onFiles } = useShellSlots();
  const [busy, setBusy] = useState(false);

  const loadSample = async (): Promise<void> => {
    setBusy(true);
    const result = await client.app.loadSampleData({});
    setBusy(false);
    if (result.ok) {
      if (isHere()) history.push(`/import?id=${result.value.importId}`);
    } else showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
  };

  return (
    <section
      aria-labelledby="welcome"
      className="grid gap-6 rounded-xl border border-line bg-surface p-6 shadow-e1 xl:grid-cols-[3fr_2fr]"
    >
      <div className="flex flex-col gap-4">
        <div>
          <h2 id="welcome" className="text-xl font-semibold tracking-tight">
            {t('welcome.title')}
          </h2>
          <p className="mt-1 max-w-2xl text-md text-ink-2">{t('welcome.text')}</p>
        </div>
        <FileDrop onFiles={(files) => onFiles?.(files.map(resolveFile))} />
      </div>
      <div className="flex flex-col justify-center gap-6">
        <div className="flex flex-col items-start gap-2">
          <p className="text-sm font-semibold">{t('welcome.or')}</p>
          <Button icon={FlaskConical} variant="primary" busy={busy} onClick={() => void loadSample()}>
            {t('welcome.sample')}
          </Button>
          <p className="text-xs text-ink-3">{t('welcome.sampleHint')}</p>
        </div>
        <div className="flex flex-col items-start gap-2 border-t border-line pt-6">
          <p className="flex items-center gap-2 text-sm font-semibold">
            <PlugZap size={15} className="text-ink-3" aria-hidden />
            {t('welcome.connect')}
          </p>
          <p className="text-xs text-ink-3">{t('welcome.connectHint')}</p>
          <ButtonLink to="/settings">{t('workers.settings')}</ButtonLink>
        </div>
      </div>
    </section>
  );
}
