import { memo, useState } from 'react';
import { ImportOptions, type Mapping } from '@shared/contract/imports';
import { Card, Checkbox, CountryField, RadioGroup, TextField } from '@renderer/ui';
import { useImportText } from './texts';
import { UpdateRulesField } from './update-rules';

interface OptionsCardProps {
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  /** Rows whose number has no country code. */
  readonly withoutCountry: number;
  /** Told what has changed, not the whole: two changes may come before the form is drawn again. */
  readonly onChange: (part: Partial<ImportOptions>) => void;
}

/** How rows are judged and what happens to those that exist already. */
export const OptionsCard = memo(function OptionsCard(props: OptionsCardProps) {
  const { mapping, options, withoutCountry, onChange } = props;
  const t = useImportText();
  const [tags, setTags] = useState(options.tags.join(', '));
  return (
    <Card title={t('options')} padding="none">
      <div className="grid grid-cols-2 gap-6 p-4">
        <div className="flex flex-col gap-2.5">
          <Checkbox
            label={t('skipDuplicates')}
            hint={existingHint(options, t)}
            checked={options.skipDuplicates}
            onCheckedChange={(skipDuplicates) => onChange({ skipDuplicates })}
          />
          <Checkbox
            label={t('updateExisting')}
            checked={options.updateExisting}
            onCheckedChange={(updateExisting) => onChange({ updateExisting })}
          />
          <Checkbox
            label={t('validatePhone')}
            checked={options.validatePhone}
            onCheckedChange={(validatePhone) => onChange({ validatePhone })}
          />
          <RadioGroup
            label={t('duplicateWins')}
            orientation="horizontal"
            value={options.duplicateWins}
            onValueChange={(duplicateWins) => onChange({ duplicateWins })}
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
            hint={
              options.defaultCountry === null && withoutCountry > 0
                ? t('countryWanted', { count: withoutCountry })
                : t('countryHint')
            }
            value={options.defaultCountry}
            onValueChange={(defaultCountry) => onChange({ defaultCountry })}
          />
          <TextField
            label={t('tags')}
            optional
            hint={t('tagsHint')}
            error={areTagsUsable(options) ? undefined : t('tagsProblem')}
            value={tags}
            onChange={(event) => setTags(event.target.value)}
            onBlur={() => onChange({ tags: tagsOf(tags) })}
          />
        </div>
      </div>
      {options.updateExisting && <UpdateRulesField mapping={mapping} options={options} onChange={onChange} />}
    </Card>
  );
});

/** Of two boxes for one question, what both or none of them means. */
function existingHint(
  { skipDuplicates, updateExisting }: ImportOptions,
  t: ReturnType<typeof useImportText>,
): string | undefined {
  if (updateExisting) return skipDuplicates ? t('skipOverruled') : undefined;
  return skipDuplicates ? undefined : t('skipNot');
}

/** Whether an import can be started with these tags: with others, no row would be judged. */
export const areTagsUsable = ({ tags }: Pick<ImportOptions, 'tags'>): boolean =>
  ImportOptions.shape.tags.safeParse(tags).success;

const tagsOf = (text: string): string[] =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
