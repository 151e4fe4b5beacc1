import { Segmented, Switch, TextField } from '@renderer/ui';
import type { Draft } from './draft';
import type { FieldProblems } from './message-draft';
import { useComposeText } from './texts';

export interface FieldsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly problems: FieldProblems;
}

/** Where WhatsApp finds the file of an image, a video, a document or an audio. */
export function MediaFields({ draft, onChange, problems }: FieldsProps) {
  const t = useComposeText();
  if (draft.type === 'text' || draft.type === 'template') return null;
  const limit = t(`message.limit.${draft.type}`);
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        label={t('message.mediaBy')}
        value={draft.mediaBy}
        onValueChange={(mediaBy) => onChange({ mediaBy })}
        options={[
          { value: 'link', label: t('message.byLink') },
          { value: 'id', label: t('message.byId') },
        ]}
      />
      {draft.mediaBy === 'link' ? (
        <TextField
          label={t('message.mediaUrl')}
          hint={`${t('message.mediaHint')} ${limit}`}
          error={draft.mediaUrl === '' ? undefined : problems['mediaUrl']}
          type="url"
          mono
          value={draft.mediaUrl}
          onChange={(event) => onChange({ mediaUrl: event.target.value })}
        />
      ) : (
        <TextField
          label={t('message.mediaId')}
          hint={`${t('message.mediaIdHint')} ${limit}`}
          error={draft.mediaId === '' ? undefined : problems['mediaId']}
          mono
          value={draft.mediaId}
          onChange={(event) => onChange({ mediaId: event.target.value })}
        />
      )}
      {draft.type === 'document' && (
        <TextField
          label={t('message.fileName')}
          optional
          hint={t('message.fileNameHint')}
          error={problems['fileName']}
          maxLength={240}
          value={draft.fileName}
          onChange={(event) => onChange({ fileName: event.target.value })}
        />
      )}
    </div>
  );
}

export function LinkPreview({ draft, onChange }: Omit<FieldsProps, 'problems'>) {
  const t = useComposeText();
  return (
    <Switch
      label={t('message.previewUrl')}
      checked={draft.previewUrl}
      onCheckedChange={(previewUrl) => onChange({ previewUrl })}
    />
  );
}
