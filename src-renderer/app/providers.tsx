import { CSPProvider } from '@base-ui/react/csp-provider';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { chooseLanguage, setLanguage } from '@renderer/i18n/i18n';
import { usePreferences } from '@renderer/platform/preferences';
import { ToastProvider } from '@renderer/ui/toast';
import { TooltipProvider } from '@renderer/ui/tooltip';

function LanguageFollower() {
  const choice = usePreferences((state) => state.language);
  useEffect(() => {
    setLanguage(chooseLanguage(choice, navigator.languages)).catch(reportError);
  }, [choice]);
  return null;
}

/** What every screen stands on. Base UI's `<style>` elements are off: the content security policy forbids them. */
export function Providers({ queryClient, children }: { queryClient: QueryClient; children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <TooltipProvider delay={400}>
          <ToastProvider>
            <LanguageFollower />
            {children}
          </ToastProvider>
        </TooltipProvider>
      </QueryClientProvider>
    </CSPProvider>
  );
}
