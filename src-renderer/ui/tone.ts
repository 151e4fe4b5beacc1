/** What a colour means. Colour is never the only carrier: each use adds words, a shape or an icon. */
export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

/** Soft fill with readable text. */
export const softTone: Readonly<Record<Tone, string>> = {
  neutral: 'bg-hover text-ink-2 border-line',
  accent: 'bg-accent-soft text-accent-text border-accent-line',
  success: 'bg-success-soft text-success-text border-success-line',
  warning: 'bg-warning-soft text-warning-text border-warning-line',
  danger: 'bg-danger-soft text-danger-text border-danger-line',
  info: 'bg-info-soft text-info-text border-info-line',
};

/** Text and icons on a plain surface. */
export const textTone: Readonly<Record<Tone, string>> = {
  neutral: 'text-ink-3',
  accent: 'text-accent-text',
  success: 'text-success-text',
  warning: 'text-warning-text',
  danger: 'text-danger-text',
  info: 'text-info-text',
};

/** Bars and dots. */
export const solidTone: Readonly<Record<Tone, string>> = {
  neutral: 'bg-neutral',
  accent: 'bg-accent',
  success: 'bg-success',
  warning: 'bg-warning',
  danger: 'bg-danger',
  info: 'bg-info',
};
