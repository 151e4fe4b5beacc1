import { Autocomplete } from '@base-ui/react/autocomplete';
import { useState } from 'react';
import { FieldFrame, type FieldProps } from './field';
import { listItemClass } from './select';

export interface SuggestFieldProps extends FieldProps {
  /** Values that are in use already, to be chosen instead of typed. */
  suggestions: readonly string[];
  value: string;
  onValueChange: (value: string) => void;
  /** Told when the field is left. */
  onBlur?: (() => void) | undefined;
  placeholder?: string | undefined;
}

/** One line of free text, with suggestions that match what is typed. For a closed list use Combobox. */
export function SuggestField({
  suggestions,
  value,
  onValueChange,
  onBlur,
  placeholder,
  ...field
}: SuggestFieldProps) {
  const [wanted, setWanted] = useState(false);
  const matches = matching(suggestions, value);
  return (
    <FieldFrame {...field}>
      <Autocomplete.Root
        items={matches}
        filter={null}
        // An open list hides the rest of the window from assistive technology, also one with nothing in it.
        open={wanted && matches.length > 0}
        onOpenChange={(next) => setWanted(next)}
        value={value}
        onValueChange={(next) => onValueChange(next)}
        openOnInputClick
      >
        <Autocomplete.Input
          placeholder={placeholder}
          onBlur={onBlur}
          autoComplete="off"
          spellCheck={false}
          className="control h-6 w-full min-w-0 px-2 text-xs text-ink"
        />
        <Autocomplete.Portal>
          <Autocomplete.Positioner sideOffset={4} className="z-50 outline-none">
            <Autocomplete.Popup className="floating w-[max(var(--anchor-width),12rem)] max-w-[var(--available-width)] data-empty:hidden">
              <Autocomplete.List className="max-h-[min(16rem,var(--available-height))] overflow-y-auto p-1 outline-none">
                {(suggestion: string) => (
                  <Autocomplete.Item key={suggestion} value={suggestion} className={listItemClass}>
                    <span className="truncate">{suggestion}</span>
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </FieldFrame>
  );
}

/** What is typed may stand anywhere in a suggestion; one that is typed in full needs no list. */
function matching(suggestions: readonly string[], text: string): string[] {
  const typed = text.trim().toLowerCase();
  return suggestions.filter((each) => each !== text && each.toLowerCase().includes(typed));
}
