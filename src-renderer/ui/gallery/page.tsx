import { useState } from 'react';
import { Page } from '../page';
import { Tabs } from '../tabs';
import { ChartsGallery } from './charts';
import { DataGallery } from './data';
import { FeedbackGallery } from './feedback';
import { FormsGallery } from './forms';
import { OverlaysGallery } from './overlays';
import { TableGallery } from './table';
import { TokensGallery } from './tokens';

const sections = [
  { value: 'tokens', label: 'Tokens and buttons', content: <TokensGallery /> },
  { value: 'forms', label: 'Forms', content: <FormsGallery /> },
  { value: 'feedback', label: 'Feedback', content: <FeedbackGallery /> },
  { value: 'overlays', label: 'Overlays', content: <OverlaysGallery /> },
  { value: 'table', label: 'Table', content: <TableGallery /> },
  { value: 'charts', label: 'Charts', content: <ChartsGallery /> },
  { value: 'data', label: 'Data', content: <DataGallery /> },
] as const;

type SectionName = (typeof sections)[number]['value'];

/** Every primitive, to look at and to test. Development only. */
export function Gallery() {
  const [section, setSection] = useState<SectionName>('tokens');
  return (
    <Page title="Design system" hint="Every primitive in its states" layout="fill">
      <Tabs label="Primitives" tabs={sections} value={section} onValueChange={setSection} />
    </Page>
  );
}

export { Gallery as Page };
