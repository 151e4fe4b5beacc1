import { TextArea } from '@renderer/ui';
import { useJobsText } from '../texts';
import type { CheckedPayload } from './payload-check';

interface PayloadFieldProps {
  label: string;
  text: string;
  onText: (text: string) => void;
  checked: CheckedPayload;
  rows?: number;
}

const problemOf = (checked: CheckedPayload, t: ReturnType<typeof useJobsText>): string | undefined => {
  if (checked.ok) return undefined;
  return checked.notJson
    ? t('edit.notJson', { problem: checked.problems.join(' ') })
    : checked.problems.join(' · ');
};

/** A payload to be typed, with what is wrong with it under it while one types. */
export function PayloadField({ label, text, onText, checked, rows = 18 }: PayloadFieldProps) {
  const t = useJobsText();
  return (
    <TextArea
      label={label}
      mono
      rows={rows}
      spellCheck={false}
      value={text}
      onChange={(event) => onText(event.target.value)}
      hint={checked.ok ? t(checked.judged ? 'edit.valid' : 'edit.isJson') : undefined}
      error={problemOf(checked, t)}
    />
  );
}
