import { Card, Section } from '../card';
import { CodeBlock } from '../code-block';
import { JsonView } from '../json-view';
import { PropertyList } from '../property-list';
import { StackTrace } from '../stack-trace';
import { Bytes, DateTime, Duration, NumberText, RelativeTime } from '../values';

const now = Date.now();
const payload = {
  organizationId: '0f7c1c1e-3a52-4d2e-8f8a-2f4b8f4c0a11',
  campaignId: 'b9a1',
  batchNo: 3,
  recipients: 1000,
  dryRun: false,
  parent: null,
  template: { name: 'order_ready', language: 'en', parameters: ['name', 'order_id'] },
  note: 'x'.repeat(5_000_000),
};
const stack = `ProviderError: Recipient is not a WhatsApp user (131026)
    at send (/app/src-main/providers/whatsapp.ts:88:11)
    at async processBatch (/app/src-main/campaigns/processor.ts:142:20)
    at async Worker.processJob (/app/node_modules/bullmq/dist/cjs/classes/worker.js:412:28)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`;

export function DataGallery() {
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Card title="Properties and values">
        <PropertyList
          properties={[
            { label: 'Queued', value: <DateTime at={now - 3_723_000} /> },
            { label: 'Waited', value: <Duration ms={3_723_000} /> },
            { label: 'Finished', value: <RelativeTime at={now - 42_000} /> },
            { label: 'Recipients', value: <NumberText value={1_284_902} /> },
            { label: 'Compact', value: <NumberText value={1_284_902} as="compact" /> },
            { label: 'File', value: <Bytes value={4_812_332} /> },
            { label: 'Parent', value: null },
          ]}
        />
      </Card>
      <Card title="Code and stack">
        <div className="flex flex-col gap-4">
          <Section title="Request" hint="As it was sent">
            <CodeBlock
              label="Request"
              labelHidden
              text={'POST /v21.0/123/messages\ncontent-type: application/json\n\n{"to":"+4915112345678"}'}
            />
          </Section>
          <StackTrace label="Attempt 3" stack={stack} />
        </div>
      </Card>
      <JsonView label="Payload" value={payload} />
    </div>
  );
}
