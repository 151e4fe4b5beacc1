import type { ReactNode } from 'react';
import { Button, Card } from '@renderer/ui';
import { useSettingsText } from './texts';

interface CardFormProps {
  readonly title: string;
  readonly hint?: string;
  readonly changed: boolean;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly children: ReactNode;
}

/** A card whose fields are saved together; the button wakes when something was changed. */
export function CardForm({ title, hint, changed, busy, onSave, children }: CardFormProps) {
  const t = useSettingsText();
  return (
    <Card title={title} hint={hint}>
      <form
        // The browser's own bubbles stand at hidden inputs and speak of steps; what is wrong is said by the answer.
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
        }}
      >
        {children}
        <div className="flex justify-end">
          <Button type="submit" variant="primary" disabled={!changed} busy={busy}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
