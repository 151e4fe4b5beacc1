import { Paperclip, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Attachment } from '@shared/contract/message';
import { base64Bytes, MAX_EMAIL_BYTES } from '@shared/domain/email-types';
import { client } from '@renderer/platform/client';
import { resolveFile } from '@renderer/platform/files';
import { sourceOf } from '@renderer/platform/upload';
import { Button, Bytes, IconButton, showToast } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import { useComposeText } from './texts';

interface AttachmentsFieldProps {
  readonly attachments: readonly Attachment[];
  readonly error: string | undefined;
  readonly onChange: (attachments: readonly Attachment[]) => void;
}

/** The files of an email, with what they weigh once they are encoded. */
export function AttachmentsField({ attachments, error, onChange }: AttachmentsFieldProps) {
  const t = useComposeText();
  const format = useFormat();
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const encoded = attachments.reduce((sum, { sizeBytes }) => sum + base64Bytes(sizeBytes), 0);

  const add = async (files: readonly File[]): Promise<void> => {
    setBusy(true);
    const added = [...attachments];
    for (const file of files) {
      const attached = await attach(file);
      if (attached.ok) added.push(attached.value);
      else showToast({ title: attached.error.message, description: attached.error.action, tone: 'danger' });
    }
    setBusy(false);
    onChange(added);
  };
  return (
    <div role="group" aria-label={t('mail.attachments')} className="flex flex-col gap-2">
      <span className="text-xs font-medium text-ink-2">{t('mail.attachments')}</span>
      {attachments.length > 0 && (
        <ul className="flex flex-col gap-1">
          {attachments.map(({ fileName, sizeBytes, sha256 }, n) => (
            <li
              key={`${sha256}-${n}`}
              className="flex items-center gap-2 rounded-sm border border-line px-2 py-1 text-sm"
            >
              <Paperclip size={14} className="shrink-0 text-ink-3" aria-hidden />
              <span className="min-w-0 flex-1 truncate">{fileName}</span>
              <span className="text-xs text-ink-3">
                <Bytes value={sizeBytes} />
              </span>
              <IconButton
                icon={X}
                size="sm"
                label={t('mail.detach', { name: fileName })}
                onClick={() => onChange(attachments.filter((_, at) => at !== n))}
              />
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <p className="text-xs text-danger-text">{error}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" icon={Paperclip} busy={busy} onClick={() => picker.current?.click()}>
          {t('mail.attach')}
        </Button>
        <span className="text-xs text-ink-3">
          {attachments.length === 0
            ? t('mail.attachHint')
            : t('mail.attachedSize', { size: format.bytes(encoded), max: format.bytes(MAX_EMAIL_BYTES) })}
        </span>
        <input
          ref={picker}
          type="file"
          multiple
          tabIndex={-1}
          aria-label={t('mail.attachFile')}
          className="sr-only"
          onChange={(event) => {
            const files = Array.from(event.currentTarget.files ?? []);
            event.currentTarget.value = '';
            if (files.length > 0) void add(files);
          }}
        />
      </div>
    </div>
  );
}

async function attach(file: File) {
  const source = await sourceOf(resolveFile(file));
  return source.ok ? client.emails.attach({ source: source.value }) : source;
}
