/** The regional variant that the system has for the language on screen: `en-GB` for English. */
export function regionalLocale(language: string, systemLanguages: readonly string[]): string {
  return systemLanguages.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language;
}
