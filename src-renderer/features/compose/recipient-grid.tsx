import { SearchX } from 'lucide-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { JudgedRecipient, RecipientFilter } from '@shared/contract/audiences';
import { mendTemplateParameter } from '@shared/domain/whatsapp-parameters';
import type { ContactId } from '@shared/domain/ids';
import { Badge, Button, EmptyState, ErrorState } from '@renderer/ui';
import { type Column, DataTable } from '@renderer/ui/table';
import { ContactDialog } from './contact-dialog';
import { type Judging, useMends, useRecipients } from './queries';
import { useComposeText } from './texts';

interface RecipientGridProps {
  readonly judging: Judging;
  readonly filter: RecipientFilter;
  /** The variables of the message that can be mended; none where nothing can. */
  readonly variables: readonly string[];
}

interface Place {
  readonly recipient: string;
  readonly variable: string;
}

/** Recipients as the pre-flight judges them; values that lack or are refused are typed into the cell. */
export function RecipientGrid({ judging, filter, variables }: RecipientGridProps) {
  const t = useComposeText();
  const rows = useRecipients(judging, filter);
  const { mend } = useMends();
  const [editing, setEditing] = useState<Place>();
  const [correcting, setCorrecting] = useState<ContactId | null>(null);
  const { draftId } = judging;
  const { mutate } = mend;

  const columns = useMemo((): Column<JudgedRecipient>[] => {
    const keep = ({ recipient, variable }: Place, value: string): void => {
      setEditing(undefined);
      mutate({ draftId, recipient, values: { [variable]: value.trim() } });
    };
    return [
      { id: 'recipient', header: t('grid.recipient'), width: 125, cell: ({ recipient }) => recipient },
      { id: 'name', header: t('grid.name'), width: 110, cell: ({ name }) => name ?? '' },
      { id: 'why', header: t('grid.why'), width: 105, grow: true, cell: (row) => <Why row={row} /> },
      ...variables.map((variable) => ({
        id: `value-${variable}`,
        header: variable,
        width: 115,
        cell: (row: JudgedRecipient) => {
          const place = { recipient: row.recipient, variable };
          const isEdited = editing?.recipient === place.recipient && editing.variable === variable;
          return isEdited ? (
            <ValueEditor
              label={t('grid.editing', { variable, recipient: row.recipient })}
              text={row.values[variable] ?? ''}
              isRefused={row.bad.includes(variable)}
              onKeep={(value) => keep(place, value)}
              onGiveUp={() => setEditing(undefined)}
            />
          ) : (
            <ValueCell row={row} variable={variable} onEdit={() => setEditing(place)} />
          );
        },
      })),
      {
        id: 'act',
        header: t('grid.act'),
        width: 180,
        cell: (row: JudgedRecipient) => (
          <span className="flex gap-1.5">
            {(variables.length > 0 || row.drop === 'left_out') && (
              <Button
                size="sm"
                tabIndex={-1}
                onClick={() =>
                  mutate({ draftId, recipient: row.recipient, leaveOut: row.drop !== 'left_out' })
                }
              >
                {t(row.drop === 'left_out' ? 'grid.takeIn' : 'grid.leaveOut')}
              </Button>
            )}
            {row.contactId !== null && (
              <Button
                size="sm"
                variant="ghost"
                tabIndex={-1}
                aria-label={t('contact.openOf', { recipient: row.name ?? row.recipient })}
                onClick={() => setCorrecting(row.contactId)}
              >
                {t('contact.open')}
              </Button>
            )}
          </span>
        ),
      },
    ];
  }, [t, variables, editing, mutate, draftId]);

  if (rows.error) return <ErrorState error={rows.error} onRetry={rows.retry} />;
  return (
    <>
      <DataTable<JudgedRecipient>
        id="compose-recipients"
        label={t('grid.title')}
        columns={columns}
        source={rows.source}
        rowId={({ recipient, drop }) => `${recipient} ${drop ?? ''}`}
        rowHeight={32}
        loading={rows.loading}
        onOpen={(row) => {
          const [variable] = [...row.missing, ...row.bad];
          if (variable !== undefined) setEditing({ recipient: row.recipient, variable });
        }}
        empty={<EmptyState icon={SearchX} title={t('grid.none')} />}
      />
      {correcting !== null && (
        <ContactDialog contactId={correcting} variables={variables} onClose={() => setCorrecting(null)} />
      )}
    </>
  );
}

function Why({ row }: { readonly row: JudgedRecipient }) {
  const t = useComposeText();
  const words = [
    row.drop === null ? undefined : t(`drop.${row.drop}`),
    row.why ?? undefined,
    row.missing.length === 0 ? undefined : t('preview.lacks', { names: row.missing.join(', ') }),
    row.bad.length === 0 ? undefined : t('grid.bad', { names: row.bad.join(', ') }),
    row.problems.includes('too_long') ? t('grid.tooLong', { count: row.length }) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
  return (
    <span className="text-xs text-ink-2" title={words}>
      {words === '' ? <Badge tone="success">{t('grid.fine')}</Badge> : words}
    </span>
  );
}

interface ValueCellProps {
  readonly row: JudgedRecipient;
  readonly variable: string;
  readonly onEdit: () => void;
}

function ValueCell({ row, variable, onEdit }: ValueCellProps) {
  const t = useComposeText();
  const value = row.values[variable] ?? '';
  const isWrong = row.missing.includes(variable) || row.bad.includes(variable);
  return (
    <button
      type="button"
      // The grid is one tab stop; Enter there edits the row it stands on.
      tabIndex={-1}
      aria-label={t('grid.edit', {
        variable,
        recipient: row.recipient,
        value: value === '' ? t('grid.blank') : value,
      })}
      title={value}
      onClick={onEdit}
      className={`block h-6 w-full truncate rounded-xs px-1.5 text-left text-xs hover:bg-pressed ${
        isWrong ? 'bg-danger-soft text-danger-text' : ''
      }`}
    >
      {value === '' ? t('grid.blank') : value}
    </button>
  );
}

interface ValueEditorProps {
  readonly label: string;
  readonly text: string;
  /** Begins with what WhatsApp would take; it counts once Enter says so. */
  readonly isRefused: boolean;
  readonly onKeep: (value: string) => void;
  readonly onGiveUp: () => void;
}

function ValueEditor({ label, text, isRefused, onKeep, onGiveUp }: ValueEditorProps) {
  const offered = isRefused ? mendTemplateParameter(text) : text;
  const [value, setValue] = useState(offered);
  const keepUnless = (same: string): void => (value === same ? onGiveUp() : onKeep(value));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') keepUnless(text);
    else if (event.key === 'Escape') onGiveUp();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <input
      // Somebody has just pressed the cell to type into it.
      autoFocus
      aria-label={label}
      value={value}
      maxLength={4_096}
      onChange={(event) => setValue(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => keepUnless(offered)}
      className="control h-6 w-full min-w-0 px-1.5 text-xs text-ink"
    />
  );
}
