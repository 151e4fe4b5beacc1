import type { ImportOptions, Mapping } from '@shared/contract/imports';
import { fieldUpdates, type UpdateRule, type UpdateRules } from '@shared/domain/update-rules';
import { Checkbox, Select } from '@renderer/ui';
import { useImportText } from './texts';

interface UpdateRulesFieldProps {
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  readonly onChange: (part: Partial<Pick<ImportOptions, 'updateRules' | 'blanksOverwrite'>>) => void;
}

const FOR_TAGS = ['add', 'overwrite', 'fill', 'keep'] as const;
const FOR_OTHERS = ['overwrite', 'fill', 'keep'] as const;

/** What the file may do to each field of contacts that exist already. */
export function UpdateRulesField({ mapping, options, onChange }: UpdateRulesFieldProps) {
  const t = useImportText();
  const { updateRules, blanksOverwrite } = options;
  const nameOf = (field: string): string =>
    field === 'name' || field === 'email' || field === 'tags'
      ? t(`field.${field}`)
      : field.slice('custom:'.length);
  const forTags = FOR_TAGS.map((value) => ({ value, label: t(`rules.tags.${value}`) }));
  const forOthers = FOR_OTHERS.map((value) => ({ value, label: t(`rules.others.${value}`) }));
  return (
    <fieldset className="flex flex-col gap-3 border-t border-line px-4 py-3">
      <legend className="sr-only">{t('rules.title')}</legend>
      <p className="text-xs font-medium text-ink-2">{t('rules.title')}</p>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-4 gap-y-3">
        {fieldUpdates(mapping, options).map(({ field, rule }) => (
          <Select<UpdateRule>
            key={field}
            size="sm"
            label={nameOf(field)}
            value={rule}
            onValueChange={(value) => onChange({ updateRules: { ...updateRules, [field]: value } })}
            options={field === 'tags' ? forTags : forOthers}
          />
        ))}
      </div>
      <Checkbox
        label={t('rules.blanks')}
        hint={t('rules.blanksHint')}
        checked={blanksOverwrite}
        onCheckedChange={(checked) => onChange({ blanksOverwrite: checked })}
      />
    </fieldset>
  );
}

/** The rules of fields that a column of the file becomes; the others are for columns that were mapped before. */
export function rulesInUse(mapping: Mapping, options: ImportOptions): ImportOptions {
  const fields = new Set(fieldUpdates(mapping, options).map(({ field }) => field));
  const updateRules: UpdateRules = Object.fromEntries(
    Object.entries(options.updateRules).filter(([field]) => fields.has(field)),
  );
  return { ...options, updateRules };
}
