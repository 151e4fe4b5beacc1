import { useRouter } from '@tanstack/react-router';
import { useCallback, useState } from 'react';

/**
 * Tells whether the user is still on the screen that was shown when the component appeared: what took a while must not
 * take somebody away from where they went meanwhile.
 */
export function useStillHere(): () => boolean {
  const router = useRouter();
  const [path] = useState(() => router.latestLocation.pathname);
  return useCallback(() => router.latestLocation.pathname === path, [router, path]);
}
