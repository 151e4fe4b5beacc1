import { Cpu, Database, Timer } from 'lucide-react';
import { type ReactNode, useDeferredValue, useMemo } from 'react';
import type { AppSignal, AppStatus } from '@shared/contract/app';
import { commandRegistry } from '@renderer/commands/registry';
import { client } from '@renderer/platform/client';
import type { GivenFile } from '@renderer/platform/files';
import { useOfOverview, useQueueSwitches } from '@renderer/platform/live-overview';
import { useConnectionState, useRefreshOnReconnect, useStream } from '@renderer/platform/use-stream';
import { Notice } from '@renderer/ui/notice';
import { showToast } from '@renderer/ui/toast';
import { isWanting, unseenIn, useAlerts, useLiveAlerts } from '@renderer/alerts/live';
import { useNow } from '@renderer/ui/clock';
import { AlertBell } from './alert-bell';
import { useAlertToasts } from './alert-toasts';
import { EnginePill, type EngineState } from './engine-pill';
import { useAppStatus, useLiveAppStatus } from '@renderer/platform/use-app-status';
import { useOpenedFile } from '@renderer/platform/opened-file';
import { QueueCommands } from './queue-commands';
import { router } from './router';
import { type ShellFigures, ShellFiguresProvider, type ShellSlots, ShellSlotsProvider } from './shell-slots';
import { StatusItem } from './status-bar';
import { useShellText } from './texts';

const MINUTE = 60_000;

/** Feeds the shell's slots from the running system. Inside the providers, outside the router. */
export function LiveShell({ children }: { children: ReactNode }) {
  useRefreshOnReconnect();
  const t = useShellText();
  useStream(client.app.signals, {}, { whileHidden: true, onValue: (signal) => follow(signal, t) });
  useLiveAppStatus();
  const status = useAppStatus();
  // The commands of very many queues are made once the figures are there.
  const queues = useDeferredValue(useQueueSwitches());
  const running = useOfOverview((overview) =>
    overview === undefined ? 0 : overview.queues.reduce((sum, queue) => sum + queue.counts.active, 0),
  );
  useLiveAlerts();
  useAlertToasts();
  const alerts = useAlerts();
  const now = useNow(MINUTE);
  const unseen = unseenIn(alerts);
  const wanting = alerts?.open.filter((incident) => isWanting(incident, now)).length ?? 0;
  const shown = status.data;
  // The figures of the shell change far less often than those of the stream they are taken from.
  const figures = useMemo<ShellFigures>(
    () => ({
      badges: { failures: unseen, alerts: wanting },
      statusStart: shown && <StatusStart status={shown} running={running} />,
    }),
    [shown, running, unseen, wanting],
  );
  const slots = useMemo<ShellSlots>(
    () => ({
      onFiles: offerFiles,
      alerts: <AlertBell />,
      ...(shown === undefined ? {} : liveSlots(shown)),
      banner: <Banner status={shown} />,
    }),
    [shown],
  );
  return (
    <ShellSlotsProvider value={slots}>
      <QueueCommands queues={queues} />
      <ShellFiguresProvider value={figures}>{children}</ShellFiguresProvider>
    </ShellSlotsProvider>
  );
}

/** One file at a time: an import is looked at before it runs. */
const offerFiles = (files: readonly GivenFile[]): void => {
  const [file] = files;
  if (file === undefined) return;
  useOpenedFile.getState().offer(file);
  void router.navigate({ to: '/import', search: {} });
};

const follow = (signal: AppSignal, t: ReturnType<typeof useShellText>): void => {
  switch (signal.type) {
    case 'open-file':
      return offerFiles([{ kind: 'path', path: signal.path, name: signal.name, size: 0 }]);
    case 'run-command':
      return runCommand(signal.command);
    case 'navigate':
      return router.history.push(signal.to);
    case 'not-opened': {
      const { what, name } = signal;
      showToast({
        title: t(`notOpened.${what}`, { name }),
        description: t(`notOpened.${what}Hint`),
        tone: 'warning',
        timeout: 0,
      });
    }
  }
};

const liveSlots = (status: AppStatus): Partial<ShellSlots> => ({
  engine: <Engine status={status} />,
  profile: { name: status.connection.name, production: status.connection.production },
  statusEnd: <StatusItem title={runtimeOf(status)}>v{status.version}</StatusItem>,
});

const engineStates: Readonly<Record<AppStatus['engine']['state'], EngineState>> = {
  up: 'ready',
  connecting: 'connecting',
  down: 'down',
};

const runCommand = (id: string): void => {
  const command = commandRegistry.available().find((each) => each.id === id);
  command?.run();
};

const runtimeOf = ({ runtime }: AppStatus): string =>
  [runtime.electron === null ? null : `Electron ${runtime.electron}`, `Node ${runtime.node}`]
    .filter((part) => part !== null)
    .join(' · ');

function Engine({ status }: { status: AppStatus }) {
  const { engine } = status;
  return (
    <EnginePill
      state={engineStates[engine.state]}
      engine={engine.kind === 'redis' ? 'Redis' : 'Embedded'}
      detail={engine.problem ?? engine.label}
    />
  );
}

function StatusStart({ status, running }: { status: AppStatus; running: number }) {
  const t = useShellText();
  return (
    <>
      <StatusItem icon={Cpu} title={status.engine.problem ?? status.engine.kind}>
        {status.engine.label}
      </StatusItem>
      <StatusItem icon={Database} title={status.database.problem ?? status.database.kind}>
        {status.database.label}
      </StatusItem>
      <StatusItem icon={Timer}>{t('status.inFlight', { count: running })}</StatusItem>
    </>
  );
}

/** What must not be overlooked, the gravest first; nothing when all is well. */
function Banner({ status }: { status: AppStatus | undefined }) {
  const t = useShellText();
  const connection = useConnectionState();
  if (connection === 'reconnecting')
    return (
      <Notice look="banner" tone="danger" title={t('banner.lost')}>
        {t('banner.lostHint')}
      </Notice>
    );
  if (status === undefined) return null;
  for (const part of ['engine', 'database', 'background'] as const) {
    const { state, problem } = status[part];
    if (state === 'down')
      return (
        <Notice look="banner" tone="danger" title={t(`banner.${part}`)}>
          {problem ?? t('banner.retried')}
        </Notice>
      );
  }
  return null;
}
