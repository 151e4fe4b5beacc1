import {
  Activity,
  BellRing,
  BookUser,
  CalendarClock,
  ChartSpline,
  FileSpreadsheet,
  Gauge,
  HeartPulse,
  ListTree,
  type LucideIcon,
  Mail,
  Megaphone,
  NotebookPen,
  PenLine,
  RadioTower,
  Settings2,
  TriangleAlert,
} from 'lucide-react';

export const NAV_GROUPS = ['watch', 'send', 'system'] as const;
export type NavGroup = (typeof NAV_GROUPS)[number];

export interface NavEntry {
  /** The route's path; an entry without a route is not shown. */
  readonly path: string;
  /** Its text is `nav.<key>` of the shell. */
  readonly key:
    | 'overview'
    | 'jobs'
    | 'failures'
    | 'charts'
    | 'alerts'
    | 'import'
    | 'contacts'
    | 'compose'
    | 'campaigns'
    | 'templates'
    | 'emails'
    | 'schedules'
    | 'senders'
    | 'engine'
    | 'activity'
    | 'settings';
  readonly icon: LucideIcon;
  readonly group: NavGroup;
  readonly shortcut: string;
}

export type NavKey = NavEntry['key'];

/** The screens in the order of the left side. The keys follow `g` for "go". */
export const navigation: readonly NavEntry[] = [
  { path: '/', key: 'overview', icon: Gauge, group: 'watch', shortcut: 'g o' },
  { path: '/jobs', key: 'jobs', icon: ListTree, group: 'watch', shortcut: 'g j' },
  { path: '/failures', key: 'failures', icon: TriangleAlert, group: 'watch', shortcut: 'g f' },
  { path: '/charts', key: 'charts', icon: ChartSpline, group: 'watch', shortcut: 'g l' },
  { path: '/alerts', key: 'alerts', icon: BellRing, group: 'watch', shortcut: 'g b' },
  { path: '/import', key: 'import', icon: FileSpreadsheet, group: 'send', shortcut: 'g i' },
  { path: '/contacts', key: 'contacts', icon: BookUser, group: 'send', shortcut: 'g c' },
  { path: '/compose', key: 'compose', icon: PenLine, group: 'send', shortcut: 'g n' },
  { path: '/campaigns', key: 'campaigns', icon: Megaphone, group: 'send', shortcut: 'g m' },
  { path: '/templates', key: 'templates', icon: NotebookPen, group: 'send', shortcut: 'g t' },
  { path: '/emails', key: 'emails', icon: Mail, group: 'send', shortcut: 'g e' },
  { path: '/schedules', key: 'schedules', icon: CalendarClock, group: 'send', shortcut: 'g d' },
  { path: '/senders', key: 'senders', icon: RadioTower, group: 'send', shortcut: 'g r' },
  { path: '/engine', key: 'engine', icon: HeartPulse, group: 'system', shortcut: 'g h' },
  { path: '/activity', key: 'activity', icon: Activity, group: 'system', shortcut: 'g a' },
  { path: '/settings', key: 'settings', icon: Settings2, group: 'system', shortcut: 'g s' },
];
