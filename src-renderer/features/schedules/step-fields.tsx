import { ArrowUp, Trash2 } from 'lucide-react';
import { EmailType } from '@shared/domain/jobs';
import { adsappQueues, queueTitle } from '@shared/domain/queues';
import { Combobox, IconButton, MultiCombobox, Segmented, Select, TextArea, TextField } from '@renderer/ui';
import { parseData, skeletonOf, type StepDraft } from './draft';
import { LimitNote } from './limit-note';
import { useTags, useTemplates } from './queries';
import { useSchedulesText } from './texts';

interface StepFieldsProps {
  readonly step: StepDraft;
  readonly number: number;
  readonly alone: boolean;
  readonly words: Parameters<typeof parseData>[1];
  /** What is wrong with it, by field. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  readonly onChange: (step: StepDraft) => void;
  readonly onUp: (() => void) | undefined;
  readonly onDrop: () => void;
}

const EXAMPLE = '{{name|there}}';

/** One step: a message to many, or a job of one of the queues. */
export function StepFields(props: StepFieldsProps) {
  const { step, number, alone, onChange, onUp, onDrop } = props;
  const t = useSchedulesText();
  return (
    <section
      aria-label={t('form.step', { n: number })}
      className="flex flex-col gap-4 rounded-md border border-line p-4"
    >
      <header className="flex items-center gap-3">
        <h4 className="text-sm font-medium">{t('form.step', { n: number })}</h4>
        <Segmented
          label={t('form.step', { n: number })}
          value={step.kind}
          onValueChange={(kind) => onChange({ ...step, kind })}
          options={[
            { value: 'campaign', label: t('form.stepKind.campaign') },
            { value: 'job', label: t('form.stepKind.job') },
          ]}
        />
        <span className="flex-1" />
        {onUp && <IconButton icon={ArrowUp} size="sm" label={t('form.up', { n: number })} onClick={onUp} />}
        {!alone && (
          <IconButton icon={Trash2} size="sm" label={t('form.drop', { n: number })} onClick={onDrop} />
        )}
      </header>
      {step.kind === 'campaign' ? <MessageFields {...props} /> : <JobFields {...props} />}
    </section>
  );
}

function MessageFields({ step, issues, onChange }: StepFieldsProps) {
  const t = useSchedulesText();
  const set = (part: Partial<StepDraft>): void => onChange({ ...step, ...part });
  const issue = (path: string): string | undefined => issues.find((each) => each.path === path)?.message;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('form.campaignName')}
          hint={t('form.campaignNameHint')}
          maxLength={180}
          value={step.name}
          error={issue('name')}
          onChange={(event) => set({ name: event.target.value })}
        />
        <TemplateChoice step={step} set={set} />
      </div>
      <div className="flex flex-wrap gap-4">
        <Segmented
          label={t('form.channel')}
          value={step.channel}
          onValueChange={(channel) => set({ channel })}
          options={[
            { value: 'whatsapp', label: t('form.whatsapp') },
            { value: 'email', label: t('form.email') },
          ]}
        />
        {step.audience !== 'kept' && (
          <Segmented
            label={t('form.audience')}
            value={step.audience}
            onValueChange={(audience) => set({ audience })}
            options={[
              { value: 'all', label: t('form.everyone') },
              { value: 'tags', label: t('form.tags') },
            ]}
          />
        )}
      </div>
      <AudienceFields step={step} set={set} />
      {step.channel === 'whatsapp' && <LimitNote />}
      {step.channel === 'email' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label={t('form.emailType')}
            value={step.emailType}
            onValueChange={(emailType) => set({ emailType })}
            options={EmailType.options.map((value) => ({ value, label: t(`form.emailTypes.${value}`) }))}
          />
          <TextField
            label={t('form.subject')}
            maxLength={500}
            value={step.subject}
            error={issue('message.subject')}
            onChange={(event) => set({ subject: event.target.value })}
          />
        </div>
      )}
      <TextArea
        label={t('form.body')}
        hint={t('form.bodyHint', { example: EXAMPLE })}
        rows={4}
        dir="auto"
        value={step.body}
        error={issue('message.body')}
        onChange={(event) => set({ body: event.target.value })}
      />
    </>
  );
}

interface PartProps {
  readonly step: StepDraft;
  readonly set: (part: Partial<StepDraft>) => void;
}

function TemplateChoice({ step, set }: PartProps) {
  const t = useSchedulesText();
  const templates = (useTemplates().data?.templates ?? []).filter(({ channel }) => channel === step.channel);
  if (templates.length === 0) return null;
  return (
    <Combobox
      label={t('form.template')}
      optional
      placeholder={t('form.choose')}
      options={templates.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={null}
      onValueChange={(id) => {
        const template = templates.find((each) => each.id === id);
        if (template === undefined) return;
        const name = step.name === '' ? template.name : step.name;
        set({ body: template.body, subject: template.subject ?? step.subject, name });
      }}
    />
  );
}

function AudienceFields({ step, set }: PartProps) {
  const t = useSchedulesText();
  const options = (useTags().data?.tags ?? []).map(({ tag }) => ({ value: tag, label: tag }));
  if (step.audience === 'kept') return null;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {step.audience === 'tags' && (
        <MultiCombobox
          label={t('form.tagsLabel')}
          placeholder={t('form.choose')}
          options={options}
          value={step.tags}
          onValueChange={(tags) => set({ tags })}
        />
      )}
      <MultiCombobox
        label={t('form.exclude')}
        optional
        placeholder={t('form.choose')}
        options={options}
        value={step.excludeTags}
        onValueChange={(excludeTags) => set({ excludeTags })}
      />
    </div>
  );
}

function JobFields({ step, issues, words, onChange }: StepFieldsProps) {
  const t = useSchedulesText();
  const parsed = parseData(step.data, words);
  const said = issues.map(({ path, message }) => `${path.replace(/^data\./, '')}: ${message}`).join(' ');
  const error = 'error' in parsed ? parsed.error : said === '' ? undefined : said;
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Select
        label={t('form.queue')}
        value={step.queue}
        onValueChange={(queue) => {
          // What was typed stays; an untouched beginning is that of the new queue.
          const data = step.data === skeletonOf(step.queue) ? skeletonOf(queue) : step.data;
          onChange({ ...step, queue, data });
        }}
        options={adsappQueues.map((value) => ({ value, label: queueTitle(value) }))}
      />
      <TextArea
        label={t('form.data')}
        hint={t('form.dataHint')}
        mono
        rows={8}
        spellCheck={false}
        value={step.data}
        error={error}
        onChange={(event) => onChange({ ...step, data: event.target.value })}
      />
    </div>
  );
}
