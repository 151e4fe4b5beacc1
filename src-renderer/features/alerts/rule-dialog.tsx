import { type ReactNode, useState } from 'react';
import type { AlertRule } from '@shared/contract/alerts';
import { alertKinds, severities, type AlertScope } from '@shared/domain/alert-rules';
import { queueTitle } from '@shared/domain/queues';
import { useAlertWords } from '@renderer/alerts/texts';
import { useQueueNames } from '@renderer/platform/live-overview';
import { Button, Checkbox, Dialog, NumberField, Select, showToast, TextField } from '@renderer/ui';
import { draftOf, fieldsOf, newDraft, ruleOf, type RuleDraft } from './draft';
import { useRuleActions } from './queries';
import { useRuleSentence } from './rule-words';
import { useAlertsText } from './texts';

interface RuleDialogProps {
  /** Undefined for a new one. */
  readonly rule: AlertRule | undefined;
  readonly onClose: () => void;
}

/** Writes one rule; what it will say stands below, in words. */
export function RuleDialog({ rule, onClose }: RuleDialogProps): ReactNode {
  const t = useAlertsText();
  const words = useAlertWords();
  const sentence = useRuleSentence();
  const { save } = useRuleActions();
  const [draft, setDraft] = useState<RuleDraft>(() => (rule === undefined ? newDraft : draftOf(rule)));
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<RuleDraft>): void => setDraft({ ...draft, ...part });
  const fields = fieldsOf(draft.kind);
  const input = ruleOf(draft, rule);
  // The name may come last: the sentence shows as soon as the rest is complete.
  const shown = ruleOf({ ...draft, name: draft.name || '…' }, rule);
  const submit = async (): Promise<void> => {
    if (input === null) return;
    setBusy(true);
    const saved = await save(input, rule?.id);
    setBusy(false);
    if (saved === undefined) return;
    showToast({ title: t('form.saved', { name: saved.name }), tone: 'success' });
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(rule === undefined ? 'form.new' : 'form.edit')}
      description={t('form.hint')}
      footer={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button variant="primary" disabled={input === null} busy={busy} onClick={() => void submit()}>
            {t('form.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField
          label={t('form.name')}
          value={draft.name}
          maxLength={80}
          onChange={({ target }) => set({ name: target.value })}
        />
        <Select
          label={t('form.kind')}
          hint={t(`form.kindHints.${draft.kind}`)}
          value={draft.kind}
          onValueChange={(kind) => set({ kind })}
          options={alertKinds.map((kind) => ({ value: kind, label: t(`form.kinds.${kind}`) }))}
        />
        {fields.scope && <ScopeFields scope={draft.scope} onScope={(scope) => set({ scope })} />}
        <div className="grid grid-cols-2 items-start gap-3">
          <LimitField draft={draft} set={set} />
          {fields.window && (
            <NumberField
              label={t('form.window')}
              min={1}
              max={60}
              unit={t('form.minutes')}
              value={draft.windowMinutes}
              onValueChange={(windowMinutes) => set({ windowMinutes })}
            />
          )}
          <NumberField
            label={t('form.for')}
            hint={t('form.forHint')}
            min={0}
            max={86_400}
            unit={t('form.seconds')}
            value={draft.forSeconds}
            onValueChange={(forSeconds) => set({ forSeconds })}
          />
          <Select
            label={t('form.severity')}
            value={draft.severity}
            onValueChange={(severity) => set({ severity })}
            options={severities.map((severity) => ({
              value: severity,
              label: words(`severity.${severity}`),
            }))}
          />
        </div>
        <Checkbox
          label={t('form.notify')}
          hint={t('form.notifyHint')}
          checked={draft.notify}
          onCheckedChange={(notify) => set({ notify })}
        />
        {shown !== null && (
          <p
            className="rounded-md border border-line bg-sunken px-3 py-2 text-sm text-ink-2"
            aria-live="polite"
          >
            {t('rules.watches')} {sentence(shown)}.
          </p>
        )}
      </div>
    </Dialog>
  );
}

function LimitField({
  draft,
  set,
}: {
  draft: RuleDraft;
  set: (part: Partial<RuleDraft>) => void;
}): ReactNode {
  const t = useAlertsText();
  switch (fieldsOf(draft.kind).limit) {
    case 'threshold':
      return (
        <NumberField
          label={t('form.threshold')}
          min={1}
          max={100_000_000}
          value={draft.threshold}
          onValueChange={(threshold) => set({ threshold })}
        />
      );
    case 'percent':
      return (
        <NumberField
          label={t('form.percent')}
          min={1}
          max={100}
          unit="%"
          value={draft.percent}
          onValueChange={(percent) => set({ percent })}
        />
      );
    case 'seconds':
      return (
        <NumberField
          label={t('form.waited')}
          min={1}
          max={2_592_000}
          unit={t('form.seconds')}
          value={draft.seconds}
          onValueChange={(seconds) => set({ seconds })}
        />
      );
    case 'megabytes':
      return (
        <NumberField
          label={t('form.megabytes')}
          min={1}
          max={100_000_000}
          unit="MB"
          value={draft.megabytes}
          onValueChange={(megabytes) => set({ megabytes })}
        />
      );
    case null:
      return null;
  }
}

const EACH = 'each';
const TOGETHER = 'together';
const OTHER = 'other';
const NAMED = 'queue:';

/** One of the queues there are, all of them, or one of a name that is typed: it need not be there yet. */
function ScopeFields({
  scope,
  onScope,
}: {
  scope: AlertScope;
  onScope: (scope: AlertScope) => void;
}): ReactNode {
  const t = useAlertsText();
  const queues = useQueueNames().map(String);
  const [isTyped, setTyped] = useState(false);
  const isOther = isTyped || (scope.of === 'queue' && queues.length > 0 && !queues.includes(scope.queue));
  const value = isOther ? OTHER : scope.of === 'queue' ? `${NAMED}${scope.queue}` : scope.of;
  const choose = (next: string): void => {
    setTyped(next === OTHER);
    if (next === EACH || next === TOGETHER) onScope({ of: next });
    else onScope({ of: 'queue', queue: next === OTHER ? '' : next.slice(NAMED.length) });
  };
  const shown = scope.of === 'queue' && !isOther && !queues.includes(scope.queue) ? [scope.queue] : [];
  return (
    <div className="grid grid-cols-2 items-start gap-3">
      <Select
        label={t('form.scope')}
        value={value}
        onValueChange={choose}
        options={[
          { value: EACH, label: t('form.scopes.each') },
          { value: TOGETHER, label: t('form.scopes.together') },
          ...[...shown, ...queues].map((queue) => ({ value: `${NAMED}${queue}`, label: queueTitle(queue) })),
          { value: OTHER, label: t('form.scopes.other') },
        ]}
      />
      {isOther && (
        <TextField
          label={t('form.queue')}
          value={scope.of === 'queue' ? scope.queue : ''}
          onChange={({ target }) => onScope({ of: 'queue', queue: target.value })}
        />
      )}
    </div>
  );
}
