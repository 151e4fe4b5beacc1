import { queueTitle } from '@shared/domain/queues';
import { Card, NumberField, SkeletonLines, Switch } from '@renderer/ui';
import { useConfigureWorker, useWorkerSettings } from './queries';
import { useSettingsText } from './texts';
import { TimeLimitField } from './time-limit';

/** The workers of this app's background process: on or off, and how many jobs at once. */
export function WorkersCard() {
  const t = useSettingsText();
  const workers = useWorkerSettings();
  const configure = useConfigureWorker();
  return (
    <Card title={t('workers.title')} hint={t('workers.hint')}>
      {workers.data === undefined ? (
        <SkeletonLines lines={4} />
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {workers.data.queues.map((worker) => {
            const queue = queueTitle(worker.queue);
            return (
              <li key={worker.queue} className="flex items-center gap-4 py-2">
                <div className="min-w-0 flex-1">
                  <Switch
                    label={t('workers.on', { queue })}
                    checked={worker.enabled}
                    onCheckedChange={(enabled) => configure.mutate({ ...worker, enabled })}
                  />
                </div>
                <div className="w-28">
                  <NumberField
                    label={t('workers.concurrency', { queue })}
                    labelHidden
                    min={1}
                    max={50}
                    value={worker.concurrency}
                    disabled={!worker.enabled}
                    onValueCommitted={(concurrency) => {
                      if (concurrency !== null && concurrency !== worker.concurrency)
                        configure.mutate({ ...worker, concurrency });
                    }}
                  />
                </div>
              </li>
            );
          })}
        </ul>
      )}
      <TimeLimitField />
    </Card>
  );
}
