import { BellOff, Check, Undo2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Incident } from '@shared/contract/alerts';
import type { IncidentId } from '@shared/domain/ids';
import { SNOOZES, snoozes, useIncidentActions } from '@renderer/alerts/incident-actions';
import { severityLooks, useIncidentTitle, useReading } from '@renderer/alerts/incident-words';
import { useAlerts } from '@renderer/alerts/live';
import { useAlertWords } from '@renderer/alerts/texts';
import { useFormat } from '@renderer/i18n/use-format';
import { wordsOf } from '@renderer/platform/failure';
import {
  Badge,
  Button,
  DateTime,
  ErrorState,
  Menu,
  type Property,
  PropertyList,
  Section,
  SidePanel,
  SkeletonLines,
  TextArea,
  useNow,
} from '@renderer/ui';
import { IncidentBadge, lastedMs, stateOf } from './incident-state';
import { useIncident } from './queries';
import { Remedies } from './remedies';
import { useAlertsText } from './texts';

interface IncidentPanelProps {
  readonly id: IncidentId;
  readonly onClose: () => void;
}

const TICK_MS = 5_000;

/** One incident: what is wrong, what to do, who does it. */
export function IncidentPanel({ id, onClose }: IncidentPanelProps): ReactNode {
  const t = useAlertsText();
  const kept = useIncident(id);
  const open = useAlerts()?.open.find((incident) => incident.id === id);
  const incident =
    kept.data?.resolvedAt === null || kept.data === undefined ? (open ?? kept.data) : kept.data;
  const titleOf = useIncidentTitle();
  const now = useNow(TICK_MS);
  return (
    <SidePanel
      id="incident"
      open
      onClose={onClose}
      title={incident === undefined ? t('title') : titleOf(incident)}
      subtitle={incident?.ruleName}
    >
      {incident !== undefined ? (
        <Body incident={incident} now={now} />
      ) : kept.error !== null ? (
        <ErrorState error={{ ...wordsOf(kept.error), message: t('panel.gone') }} />
      ) : (
        <SkeletonLines lines={8} />
      )}
    </SidePanel>
  );
}

function Body({ incident, now }: { incident: Incident; now: number }): ReactNode {
  const t = useAlertsText();
  const words = useAlertWords();
  const { tone, icon } = severityLooks[incident.severity];
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap gap-2">
        <Badge tone={tone} icon={icon}>
          {words(`severity.${incident.severity}`)}
        </Badge>
        <IncidentBadge incident={incident} now={now} />
      </div>
      {/* Up here: messages in the corner of the window would stand over a footer. */}
      {incident.resolvedAt === null && (
        <div className="flex flex-wrap gap-2">
          <Actions incident={incident} now={now} />
        </div>
      )}
      {incident.detail !== null && (
        <p className="rounded-md border border-line bg-sunken px-3 py-2 text-sm break-words">
          {incident.detail}
        </p>
      )}
      {incident.resolvedAt === null && (
        <Section title={t('panel.todo')}>
          <Remedies incident={incident} />
        </Section>
      )}
      <Section title={t('panel.facts')}>
        <Facts incident={incident} now={now} />
      </Section>
      <Notes incident={incident} />
    </div>
  );
}

function Facts({ incident, now }: { incident: Incident; now: number }): ReactNode {
  const t = useAlertsText();
  const format = useFormat();
  const reading = useReading();
  const { kind, value, peak, beganAt, openedAt, resolvedAt, resolution, acknowledgedAt, snoozedUntil } =
    incident;
  const time = (iso: string): ReactNode => <DateTime at={Date.parse(iso)} />;
  const isYesOrNo = kind === 'engine-down' || kind === 'campaign-stopped';
  const figures: Property[] = isYesOrNo
    ? []
    : [
        ...(resolvedAt === null
          ? [{ label: t('panel.now'), value: value === null ? t('panel.notKnown') : reading(kind, value) }]
          : []),
        { label: t('panel.peak'), value: reading(kind, peak) },
        {
          label: t('panel.threshold'),
          value: t('panel.thresholdValue', {
            rule: incident.ruleName,
            limit: reading(kind, incident.threshold),
          }),
        },
      ];
  return (
    <PropertyList
      properties={[
        ...figures,
        { label: t('panel.began'), value: time(beganAt) },
        { label: t('panel.opened'), value: time(openedAt) },
        ...(resolvedAt === null
          ? []
          : [
              {
                label: t('panel.ended'),
                value: (
                  <>
                    {time(resolvedAt)}
                    {resolution === 'rule' && <span className="text-ink-2"> · {t('panel.endedRule')}</span>}
                  </>
                ),
              },
            ]),
        { label: t('panel.lasted'), value: format.duration(lastedMs(incident, now)) },
        ...(acknowledgedAt === null
          ? []
          : [
              {
                label: t('panel.acknowledged'),
                value: t('panel.acknowledgedBy', {
                  time: format.dateTime(Date.parse(acknowledgedAt)),
                  name: incident.acknowledgedBy ?? '',
                }),
              },
            ]),
        ...(stateOf(incident, now) === 'snoozed' && snoozedUntil !== null
          ? [{ label: t('panel.snoozed'), value: time(snoozedUntil) }]
          : []),
      ]}
    />
  );
}

function Actions({ incident, now }: { incident: Incident; now: number }): ReactNode {
  const t = useAlertsText();
  const { acknowledge, snooze } = useIncidentActions();
  const isSnoozed = incident.snoozedUntil !== null && Date.parse(incident.snoozedUntil) > now;
  return (
    <>
      {incident.acknowledgedAt === null ? (
        <Button icon={Check} variant="primary" onClick={() => void acknowledge(incident.id)}>
          {t('panel.acknowledge')}
        </Button>
      ) : (
        <Button icon={Undo2} onClick={() => void acknowledge(incident.id, false)}>
          {t('panel.unacknowledge')}
        </Button>
      )}
      {isSnoozed ? (
        <Button icon={BellOff} onClick={() => void snooze(incident.id, null)}>
          {t('panel.unsnooze')}
        </Button>
      ) : (
        <Menu
          groups={[
            snoozes.map((length) => ({
              id: length,
              label: t(`panel.for.${length}`),
              onSelect: () => void snooze(incident.id, SNOOZES[length]),
            })),
          ]}
        >
          <Button icon={BellOff}>{t('panel.snooze')}</Button>
        </Menu>
      )}
    </>
  );
}

function Notes({ incident }: { incident: Incident }): ReactNode {
  const t = useAlertsText();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const { note } = useIncidentActions();
  const add = async (): Promise<void> => {
    setBusy(true);
    if (await note(incident.id, text.trim())) setText('');
    setBusy(false);
  };
  return (
    <Section title={t('panel.notes')}>
      <div className="flex flex-col gap-3">
        {incident.notes.length === 0 ? (
          <p className="text-sm text-ink-3">{t('panel.noNotes')}</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {incident.notes.map(({ at, by, text: written }) => (
              <li key={`${at} ${written}`} className="rounded-md border border-line px-3 py-2 text-sm">
                <p className="break-words whitespace-pre-wrap">{written}</p>
                <p className="mt-1 text-xs text-ink-3">
                  {by} · <DateTime at={Date.parse(at)} />
                </p>
              </li>
            ))}
          </ul>
        )}
        <TextArea
          label={t('panel.note')}
          rows={2}
          maxLength={2_000}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <div>
          <Button size="sm" disabled={text.trim() === ''} busy={busy} onClick={() => void add()}>
            {t('panel.addNote')}
          </Button>
        </div>
      </div>
    </Section>
  );
}
