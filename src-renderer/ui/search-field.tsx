import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { TextField } from './text-field';

/** What is typed rests for so long before it is looked for, in ms. */
const REST_MS = 250;

export interface SearchFieldProps {
  /** Also stands in the empty field. */
  readonly label: string;
  /** What is looked for now. */
  readonly text: string;
  /** Told what was typed, without blanks around it, once it rests. */
  readonly onSearch: (text: string) => void;
}

/** Looks for what is typed while one types. A list that is chosen anew, with another text, takes the field along. */
export function SearchField({ label, text, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(text);
  const [sent, setSent] = useState(text);
  const [seen, setSeen] = useState(text);
  if (seen !== text) {
    setSeen(text);
    // What this field has asked for itself must not overtake who types on.
    if (text !== sent) setTyped(text);
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // What is done when it rests, not what was meant when it was typed: the state may have been changed meanwhile.
  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <TextField
      label={label}
      labelHidden
      placeholder={label}
      icon={Search}
      type="search"
      maxLength={200}
      value={typed}
      onChange={({ target }) => {
        setTyped(target.value);
        clearTimeout(timer.current);
        const next = target.value.trim();
        timer.current = setTimeout(() => {
          setSent(next);
          latest.current(next);
        }, REST_MS);
      }}
    />
  );
}
