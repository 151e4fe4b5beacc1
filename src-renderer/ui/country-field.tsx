import { useMemo } from 'react';
import { countryCodes } from '@shared/domain/countries';
import { useFormat } from '@renderer/i18n/use-format';
import { Combobox } from './combobox';
import type { FieldProps } from './field';

interface CountryFieldProps extends FieldProps {
  /** Two letters, or null for none. */
  value: string | null;
  onValueChange: (code: string | null) => void;
  placeholder?: string | undefined;
}

/** A country, found by its name in the user's language or by its two letters. */
export function CountryField(props: CountryFieldProps) {
  const { locale } = useFormat();
  const options = useMemo(() => {
    // One collator for all: `localeCompare` makes one at each comparison, 30 ms in all.
    const { compare } = new Intl.Collator(locale);
    const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' });
    return countryCodes
      .map((code) => ({ value: code, label: `${names.of(code) ?? code} (${code})` }))
      .sort((a, b) => compare(a.label, b.label));
  }, [locale]);
  return <Combobox {...props} options={options} />;
}
