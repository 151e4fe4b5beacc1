import type { ContactFieldUse } from '@shared/contract/templates';
import { nearestName } from '@shared/domain/nearest-name';
import { compileTemplate } from '@shared/domain/template';

/** What a variable of a text finds among the contacts. */
export interface VariableCoverage {
  readonly name: string;
  readonly hasFallback: boolean;
  /** Contacts that have it, and the share of all that is, 0 to 1. */
  readonly having: number;
  readonly lacking: number;
  readonly share: number;
  /** No contact has it at all. */
  readonly isUnknown: boolean;
  /** The field that was probably meant, where it is unknown. */
  readonly meant: string | null;
}

/** The variables of texts that compile, each once; it has a fallback where all its occurrences do. */
export function variablesOf(sources: readonly string[]): { name: string; hasFallback: boolean }[] {
  const found = new Map<string, boolean>();
  for (const source of sources) {
    const compiled = compileTemplate(source);
    if (!compiled.ok) continue;
    for (const { name, hasFallback } of compiled.template.variables)
      found.set(name, (found.get(name) ?? true) && hasFallback);
  }
  return [...found].map(([name, hasFallback]) => ({ name, hasFallback }));
}

/** How far each variable is covered by what the contacts have. */
export function coverageOf(
  variables: readonly { readonly name: string; readonly hasFallback: boolean }[],
  { contacts, fields }: { readonly contacts: number; readonly fields: readonly ContactFieldUse[] },
): VariableCoverage[] {
  const byName = new Map(fields.map((field) => [field.name, field.contacts]));
  const names = fields.filter((field) => field.contacts > 0).map(({ name }) => name);
  return variables.map(({ name, hasFallback }) => {
    const having = byName.get(name) ?? 0;
    const isUnknown = !byName.has(name);
    return {
      name,
      hasFallback,
      having,
      lacking: contacts - having,
      share: contacts === 0 ? 0 : having / contacts,
      isUnknown,
      meant: isUnknown ? nearestName(name, names) : null,
    };
  });
}
