import { Play } from 'lucide-react';
import { useState } from 'react';
import { MAX_RUN_CONTACTS } from '@shared/contract/template-runs';
import type { Template } from '@shared/contract/templates';
import type { TemplateRunId } from '@shared/domain/ids';
import { useFormat } from '@renderer/i18n/use-format';
import { client } from '@renderer/platform/client';
import { useDebounced } from '@renderer/platform/use-debounced';
import { Button, Section, Segmented } from '@renderer/ui';
import { useTemplatesText } from '../texts';
import { AUDIENCE_KINDS, audienceOf, EVERYBODY } from './audience-choice';
import { AudienceFields } from './audience-fields';
import { useAudienceSize, useRunAction } from './queries';

interface StartRunProps {
  readonly template: Template;
  readonly onStarted: (runId: TemplateRunId) => void;
}

const SETTLE_MS = 250;

/** Whom to render the current version for, and how many that is. */
export function StartRun({ template, onStarted }: StartRunProps) {
  const t = useTemplatesText();
  const format = useFormat();
  const [choice, setChoice] = useState(EVERYBODY);
  const audience = audienceOf(choice);
  const size = useAudienceSize(useDebounced(audience, SETTLE_MS), template.channel).data?.matched;
  const start = useRunAction(client.templateRuns.start);
  const isTooLarge = size !== undefined && size > MAX_RUN_CONTACTS;
  const words =
    audience === null
      ? t('audienceUnsaid')
      : size === undefined
        ? ''
        : isTooLarge
          ? t('audienceTooLarge', { most: format.number(MAX_RUN_CONTACTS), number: format.number(size) })
          : t('recipients', { count: size, number: format.number(size) });
  return (
    <Section title={t('renderFor')} hint={t('renderForHint', { version: template.version })}>
      <div className="flex flex-col gap-3 rounded-md border border-line p-3">
        <Segmented
          label={t('audienceLabel')}
          value={choice.kind}
          onValueChange={(kind) => setChoice({ ...choice, kind })}
          options={AUDIENCE_KINDS.map((value) => ({ value, label: t(`audience.${value}`) }))}
        />
        <AudienceFields choice={choice} onChange={(part) => setChoice({ ...choice, ...part })} />
        <div className="flex items-center gap-3">
          <Button
            variant="primary"
            icon={Play}
            busy={start.isPending}
            disabled={audience === null || size === 0 || isTooLarge}
            onClick={() => {
              if (audience === null) return;
              start.mutate({ templateId: template.id, audience }, { onSuccess: ({ id }) => onStarted(id) });
            }}
          >
            {t('render')}
          </Button>
          <p role="status" className="tabular text-sm text-ink-2">
            {words}
          </p>
        </div>
      </div>
    </Section>
  );
}
