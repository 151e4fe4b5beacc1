import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button';
import { useUiText } from './texts';

const SHOWN_MS = 1_600;

/** Puts text on the clipboard and says that it did. */
export function CopyButton({ text, label }: { text: string | (() => string); label?: string | undefined }) {
  const t = useUiText();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
    setCopied(true);
  };

  return (
    <IconButton
      icon={copied ? Check : Copy}
      label={copied ? t('copied') : (label ?? t('copy'))}
      size="sm"
      onClick={() => {
        copy().catch(reportError);
      }}
    />
  );
}
