import { Plus, X } from 'lucide-react';
import { Button, IconButton, NumberField, TextArea, TextField } from '@renderer/ui';
import type { DraftComponent, DraftParameter } from './message-draft';
import { useComposeText } from './texts';
import { VariableField } from './variable-field';
import type { FieldsProps } from './whatsapp-fields';

const MAX_BUTTONS = 10;
const PLACEHOLDERS = '{{1}}';

/** An approved template: its name and language, and what is filled into each of its parts. */
export function TemplateFields({ draft, onChange, problems }: FieldsProps) {
  const t = useComposeText();
  const { template } = draft;
  const set = (part: Partial<typeof template>): void => onChange({ template: { ...template, ...part } });
  const setComponent = (at: number, next: DraftComponent): void =>
    set({ components: template.components.map((each, n) => (n === at ? next : each)) });
  const buttons = template.components.filter(({ type }) => type === 'button');
  const add = (type: DraftComponent['type']): void => {
    const added = { type, index: buttons.length, parameters: [{ name: '', text: '' }] };
    set({ components: [...template.components, added].sort((a, b) => ORDER[a.type] - ORDER[b.type]) });
  };
  const lacks = (type: DraftComponent['type']): boolean =>
    template.components.every((each) => each.type !== type);
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('template.name')}
          hint={t('template.nameHint')}
          error={template.name === '' ? undefined : problems['template.name']}
          mono
          value={template.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <TextField
          label={t('template.language')}
          hint={t('template.languageHint')}
          error={problems['template.language']}
          mono
          value={template.language}
          onChange={(event) => set({ language: event.target.value })}
        />
      </div>
      {template.components.map((component, n) => (
        <Component
          key={`${component.type}-${n}`}
          component={component}
          field={`template.components.${n}`}
          problems={problems}
          onChange={(next) => setComponent(n, next)}
          onRemove={() => set({ components: template.components.filter((_, at) => at !== n) })}
        />
      ))}
      <div className="flex flex-wrap gap-1.5">
        {(['header', 'body'] as const).map((type) =>
          lacks(type) ? (
            <Button key={type} size="sm" icon={Plus} onClick={() => add(type)}>
              {t(`template.add.${type}`)}
            </Button>
          ) : null,
        )}
        {buttons.length < MAX_BUTTONS && (
          <Button size="sm" icon={Plus} onClick={() => add('button')}>
            {t('template.add.button')}
          </Button>
        )}
      </div>
      <TextArea
        label={t('template.approved')}
        optional
        rows={3}
        hint={t('template.approvedHint', { example: PLACEHOLDERS })}
        value={draft.body}
        onChange={(event) => onChange({ body: event.target.value })}
      />
    </div>
  );
}

const ORDER = { header: 0, body: 1, button: 2 } as const;

interface ComponentProps {
  readonly component: DraftComponent;
  readonly field: string;
  readonly problems: FieldsProps['problems'];
  readonly onChange: (next: DraftComponent) => void;
  readonly onRemove: () => void;
}

function Component({ component, field, problems, onChange, onRemove }: ComponentProps) {
  const t = useComposeText();
  const { type, parameters, index } = component;
  const title = type === 'button' ? t('template.button', { number: index + 1 }) : t(`template.${type}`);
  const setParameter = (at: number, part: Partial<DraftParameter>): void =>
    onChange({
      ...component,
      parameters: parameters.map((each, n) => (n === at ? { ...each, ...part } : each)),
    });
  return (
    <fieldset className="flex flex-col gap-3 rounded-md border border-line p-3">
      <legend className="sr-only">{title}</legend>
      <div className="flex items-center justify-between gap-2">
        <span aria-hidden className="text-xs font-semibold text-ink-2">
          {title}
        </span>
        <IconButton icon={X} size="sm" label={t('template.removePart', { part: title })} onClick={onRemove} />
      </div>
      {problems[field] !== undefined && <p className="text-xs text-danger-text">{problems[field]}</p>}
      {type === 'button' && (
        <NumberField
          label={t('template.buttonIndex')}
          hint={t('template.buttonHint')}
          min={1}
          max={MAX_BUTTONS}
          value={index + 1}
          onValueChange={(number) => onChange({ ...component, index: (number ?? 1) - 1 })}
        />
      )}
      {parameters.map(({ name, text }, n) => {
        const place = `${field}.parameters.${n}`;
        const label = t('template.parameter', { part: title, number: n + 1 });
        return (
          <div key={n} className="grid grid-cols-[minmax(0,1fr)_minmax(0,9rem)_auto] items-start gap-2">
            <VariableField
              label={label}
              value={text}
              maxLength={1_024}
              error={text === '' ? undefined : (problems[place] ?? problems[`${place}.text`])}
              onChange={(next) => setParameter(n, { text: next })}
            />
            <TextField
              label={t('template.parameterName')}
              optional
              mono
              error={problems[`${place}.name`]}
              value={name}
              onChange={(event) => setParameter(n, { name: event.target.value })}
            />
            <div className="pt-5">
              <IconButton
                icon={X}
                label={t('template.removeParameter', { parameter: label })}
                disabled={parameters.length === 1}
                onClick={() => onChange({ ...component, parameters: parameters.filter((_, at) => at !== n) })}
              />
            </div>
          </div>
        );
      })}
      {type === 'body' && (
        <div>
          <Button
            size="sm"
            icon={Plus}
            onClick={() => onChange({ ...component, parameters: [...parameters, { name: '', text: '' }] })}
          >
            {t('template.addParameter')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
