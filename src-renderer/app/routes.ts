import { noSearch, page } from './page-route';

/** The gallery of the design system is for development; a release is built without it. */
const gallery =
  import.meta.env.DEV || import.meta.env['VITE_GALLERY'] === '1'
    ? [page('/gallery', noSearch, () => import('@renderer/ui/gallery/page'))]
    : [];

/**
 * Every screen, one line each: path, search parameters, code. The navigation (app/navigation.ts)
 * shows the entries whose path is here.
 */
export const pages = [...gallery] as const;
