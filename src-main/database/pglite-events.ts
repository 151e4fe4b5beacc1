/** What the host tells its process: for the log, and for the state of the database in the console. */
export type HostEvent =
  | { readonly kind: 'created'; readonly from: 'seed' | 'scratch'; readonly ms: number }
  | { readonly kind: 'opened'; readonly ms: number }
  | { readonly kind: 'restored'; readonly backup: string; readonly reason: string }
  | { readonly kind: 'vacuumed'; readonly tables: number; readonly ms: number }
  | { readonly kind: 'backed_up'; readonly path: string; readonly ms: number }
  | { readonly kind: 'maintenance_failed'; readonly reason: string }
  | { readonly kind: 'engine_failed'; readonly reason: string }
  | { readonly kind: 'lock_lost' }
  | { readonly kind: 'down'; readonly reason: string };
