import { memo, useState } from 'react';
import type { ImportOptions, Mapping } from '@shared/contract/imports';
import { Card, Checkbox, CountryField, RadioGroup, TextField } from '@renderer/ui';
import { useImportText } from './texts';
import { UpdateRulesField } from './update-rules';

interface OptionsCardProps {
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  readonly onChange: (options: ImportOptions) => void;
}

/** How rows are judged and what happens to those that exist already. */
export const OptionsCard = memo(function OptionsCard({ mapping, options, onChange }: OptionsCardProps) {
  const t = useImportText();
  const [tags, setTags] = useState(options.tags.join(', '));
  const set = (part: Partial<ImportOptions>): void => onChange({ ...options, ...part });
  return (
    <Card title={t('options')} padding="none">
      <div className="grid grid-cols-2 gap-6 p-4">
        <div className="flex flex-col gap-2.5">
          <Checkbox
            label={t('skipDuplicates')}
            checked={options.skipDuplicates}
            onCheckedChange={(skipDuplicates) => set({ skipDuplicates })}
          />
          <Checkbox
            label={t('updateExisting')}
            checked={options.updateExisting}
            onCheckedChange={(updateExisting) => set({ updateExisting })}
          />
          <Checkbox
            label={t('validatePhone')}
            checked={options.validatePhone}
            onCheckedChange={(validatePhone) => set({ validatePhone })}
          />
          <RadioGroup
            label={t('duplicateWins')}
            orientation="horizontal"
            value={options.duplicateWins}
            onValueChange={(duplicateWins) => set({ duplicateWins })}
            options={[
              { value: 'first', label: t('wins.first') },
              { value: 'last', label: t('wins.last') },
            ]}
          />
        </div>
        <div className="grid grid-cols-2 gap-4">
          <CountryField
            label={t('country')}
            optional
            hint={t('countryHint')}
            value={options.defaultCountry}
            onValueChange={(defaultCountry) => set({ defaultCountry })}
          />
          <TextField
            label={t('tags')}
            optional
            hint={t('tagsHint')}
            value={tags}
            onChange={(event) => setTags(event.target.value)}
            onBlur={() => set({ tags: tagsOf(tags) })}
          />
        </div>
      </div>
      {options.updateExisting && <UpdateRulesField mapping={mapping} options={options} onChange={set} />}
    </Card>
  );
});

const tagsOf = (text: string): string[] =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
