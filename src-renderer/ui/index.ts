/** The design system. Tables and charts are apart (`ui/table`, `ui/charts`) so that the first screen stays light. */
export { cx } from './cx';
export type { Tone } from './tone';
export { Button, buttonClass, type ButtonProps, IconButton, type IconButtonProps } from './button';
export { ButtonLink, Link } from './link';
export { Badge } from './badge';
export { StateBadge, type StateName } from './state-badge';
export { Card, Section, Stat } from './card';
export { Page } from './page';
export { Later } from './later';
export { Segmented, type Tab, Tabs } from './tabs';
export type { FieldProps } from './field';
export { SearchField, type SearchFieldProps } from './search-field';
export { TextArea, type TextAreaProps, TextField, type TextFieldProps } from './text-field';
export {
  MarkedTextArea,
  type MarkedTextAreaHandle,
  type MarkedTextAreaProps,
  type TextStretch,
} from './marked-text-area';
export { NumberField, type NumberFieldProps } from './number-field';
export { type Option, Select, type SelectProps } from './select';
export { Combobox, type ComboboxProps, MultiCombobox, type MultiComboboxProps } from './combobox';
export { SuggestField, type SuggestFieldProps } from './suggest-field';
export { CountryField } from './country-field';
export { Checkbox, RadioGroup, type RadioOption, Switch } from './choice';
export { Dialog, type DialogProps } from './dialog';
export { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog';
export { SidePanel, type SidePanelProps } from './side-panel';
export { RovingRows, type RowProps } from './roving-rows';
export { ContextMenu, Menu, type MenuAction, type MenuGroups } from './menu';
export { Tooltip } from './tooltip';
export { Popover } from './popover';
export { closeToast, showToast, type ToastInput } from './toast';
export { type Part, PartsBar, Progress, type ProgressProps } from './progress';
export { Skeleton, SkeletonLines } from './skeleton';
export { EmptyState, type EmptyStateProps } from './empty-state';
export { ErrorState, type ErrorStateProps, type ErrorWords } from './error-state';
export { Notice, type NoticeProps } from './notice';
export { KeyHint } from './key-hint';
export { type Property, PropertyList } from './property-list';
export { HtmlPreview } from './html-preview';
export { CodeBlock, type CodeBlockProps } from './code-block';
export { CopyButton } from './copy-button';
export { JsonView, type JsonViewProps } from './json-view';
export { StackTrace, type StackTraceProps } from './stack-trace';
export { Bytes, DateTime, Duration, NumberText, RelativeTime } from './values';
export { useNow } from './clock';
export { Sparkline, type SparklineProps } from './sparkline';
export { DropOverlay, FileDrop, type FileDropProps } from './file-drop';
